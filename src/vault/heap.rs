//! Gives memory back to the system. Knows the allocator; not what the memory was for.

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
