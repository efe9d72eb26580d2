//! Keeps memory together, and gives it back to the system. Knows the allocator; not what the memory was for.

/// As many heaps as cores, where glibc would make eight for each: what one thread gives up, another cannot use from another
/// heap. After 20,000 notes have changed, the difference is a third of all memory. To be called before there are threads.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
pub fn share() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let heaps = libc::c_int::try_from(cores).unwrap_or(libc::c_int::MAX);
    // SAFETY: it takes numbers, and any thread may call it at any time.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, heaps.max(2)) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn share() {}

/// Above this a piece of memory is the system's again as soon as it is free. By itself glibc raises that to the size of the
/// largest piece ever freed, and what is large then lies among what is small, and keeps it.
const LARGE: i32 = 256 << 10;

/// So many threads as answer and read take memory from: each place keeps what was free in it for itself.
const ARENAS: i32 = 2;

/// Says how memory is to be kept, once, before there is much.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
pub fn keep_little() {
    for (option, value) in
        [(libc::M_MMAP_THRESHOLD, LARGE), (libc::M_TRIM_THRESHOLD, LARGE), (libc::M_ARENA_MAX, ARENAS)]
    {
        // SAFETY: it takes no pointer; what it does not know, or cannot do, it refuses.
        unsafe { libc::mallopt(option, value) };
    }
}

/// Other allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn keep_little() {}

/// Gives back what is free. Reading 100,000 notes takes half as much memory again as remembering them, and glibc keeps that
/// for a process that will hardly need it again.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
pub fn trim() {
    let begun = std::time::Instant::now();
    // SAFETY: it takes no pointer, and any thread may call it at any time.
    unsafe { libc::malloc_trim(0) };
    tracing::debug!("gave free memory back in {:?}", begun.elapsed());
}

/// Other allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn trim() {}
