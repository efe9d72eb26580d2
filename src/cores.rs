//! Work that all cores share. Knows no notes.

use std::num::NonZero;
use std::thread;

/// Fewer items than this for each are not worth a thread.
const WORTH_A_THREAD: usize = 32;

/// How many there are.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// The answers for `items`, in order, asked on all cores where there are many. A panic in one is the caller's.
pub fn on_all_cores<T: Sync, R: Send>(items: &[T], ask: impl Fn(&T) -> R + Sync) -> Vec<R> {
    on_each_core(items, |part| part.iter().map(&ask).collect::<Vec<_>>()).into_iter().flatten().collect()
}

/// The answers for parts of `items`, in order: one for each core where there are many, so that what is found out for one
/// item serves the next. A panic in one is the caller's.
pub fn on_each_core<T: Sync, R: Send>(items: &[T], ask: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let cores = cores().min(items.len() / WORTH_A_THREAD);
    if cores < 2 {
        return vec![ask(items)];
    }
    let share = items.len().div_ceil(cores);
    thread::scope(|scope| {
        let ask = &ask;
        let workers: Vec<_> = items.chunks(share).map(|part| scope.spawn(move || ask(part))).collect();
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_questions() {
        let items: Vec<usize> = (0..1_000).collect();
        assert_eq!(on_all_cores(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn every_item_is_in_one_part_and_none_is_left_out() {
        for count in [0, 1, 31, 64, 1_001] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(on_each_core(&items, <[usize]>::to_vec).concat(), items);
        }
    }
}
