//! Sets of bytes that are asked about at every byte of a text. Knows bytes, not what they mean.

/// For every byte whether it is one of `bytes`.
pub const fn byte_set(bytes: &[u8]) -> [bool; 256] {
    let (mut set, mut i) = ([false; 256], 0);
    while i < bytes.len() {
        set[bytes[i] as usize] = true;
        i += 1;
    }
    set
}
