//! Videos: ids, and the addresses that lead to one.

use super::time::Millis;

/// A video and perhaps a moment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoAddress {
    /// 11 of `[A-Za-z0-9_-]`.
    pub id: String,
    /// The bytes of the address that say the time (`364s`), relative to the address; what they say.
    pub time: Option<(std::ops::Range<usize>, super::time::Reading)>,
}

/// Whether `id` is shaped like a YouTube id: 11 of `[A-Za-z0-9_-]`.
pub fn is_video_id(id: &str) -> bool {
    id.len() == 11 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Reads an address of YouTube in any of its spellings; `None` when it leads to no video.
pub fn video_address(address: &str) -> Option<VideoAddress> {
    todo!("{address}")
}

/// The address that opens a video, at a moment if there is one.
pub fn watch_address(id: &str, at: Option<Millis>) -> String {
    match at {
        None => format!("https://www.youtube.com/watch?v={id}"),
        Some(at) => format!("https://www.youtube.com/watch?v={id}&t={}s", at.seconds()),
    }
}
