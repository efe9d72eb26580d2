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

/// Gives back what is free. Reading 100,000 notes takes half as much memory again as remembering them, and glibc keeps that
/// for a process that will hardly need it again.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
pub fn trim() {
    // SAFETY: it takes no pointer, and any thread may call it at any time.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn trim() {}
