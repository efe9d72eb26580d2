//! Gives memory back to the system. Knows the allocator; not what the memory was for.

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
