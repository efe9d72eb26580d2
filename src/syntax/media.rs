//! Videos: ids, and the addresses that lead to one. Knows one address; never a note, a file or the network.

use super::time::{self, Millis, Reading};
use std::ops::Range;

/// A video and perhaps a moment of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoAddress {
    /// 11 of `[A-Za-z0-9_-]`.
    pub id: String,
    /// The bytes of the address that say the time (`364s`), relative to the address; what they say.
    pub time: Option<(Range<usize>, Reading)>,
}

/// Whether `id` is shaped like a YouTube id: 11 of `[A-Za-z0-9_-]`.
pub fn is_video_id(id: &str) -> bool {
    id.len() == 11 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// Reads an address of YouTube in any of its spellings; `None` when it leads to no video.
///
/// `http` or `https` is required. Where an address says several times, `t` goes before `start` and `time_continue`,
/// and the query before the fragment.
pub fn video_address(address: &str) -> Option<VideoAddress> {
    let host_at = after_scheme(address)?;
    let path_at = find(address, host_at, &['/', '?', '#']);
    // `youtu.be/ID&t=5` is a slip that works.
    let query_at = find(address, path_at, &['?', '#', '&']);
    let value_of = |key| parameters(address, query_at).find_map(|(name, value)| (name == key).then_some(value));
    let mut folders = address[path_at..query_at].split('/').filter(|folder| !folder.is_empty());
    let id = match (site(&address[host_at..path_at])?, folders.next()?) {
        (Site::Short, id) => id,
        (Site::Long, "watch") => &address[value_of("v")?],
        (Site::Long, "embed" | "live" | "shorts" | "v" | "e") => folders.next()?,
        (Site::Long, _) => return None,
    };
    if !is_video_id(id) || NO_IDS.contains(&id) {
        return None;
    }
    let time = TIME_PARAMETERS.into_iter().find_map(value_of).map(|value| read_start(address, value));
    Some(VideoAddress { id: id.to_owned(), time })
}

/// The start in a media fragment (`t=62`, `t=5,10`, `t=npt:5`), without its `#`: its bytes, and what they say.
pub fn fragment_time(fragment: &str) -> Option<(Range<usize>, Reading)> {
    let (_, value) = parameters(fragment, 0).find(|(name, _)| *name == "t")?;
    Some(read_start(fragment, value))
}

/// The address that opens a video, at a moment if there is one.
pub fn watch_address(id: &str, at: Option<Millis>) -> String {
    match at {
        None => format!("https://www.youtube.com/watch?v={id}"),
        Some(at) => format!("https://www.youtube.com/watch?v={id}&t={}s", at.seconds()),
    }
}

const TIME_PARAMETERS: [&str; 3] = ["t", "start", "time_continue"];

/// What may stand in the place of an id and is shaped like one.
const NO_IDS: [&str; 2] = ["videoseries", "live_stream"];

enum Site {
    /// `youtube.com/watch?v=ID`
    Long,
    /// `youtu.be/ID`
    Short,
}

fn site(host: &str) -> Option<Site> {
    let host = host.to_ascii_lowercase();
    let name = ["www.", "m.", "music."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(&host);
    match name {
        "youtube.com" | "youtube-nocookie.com" => Some(Site::Long),
        "youtu.be" => Some(Site::Short),
        _ => None,
    }
}

/// Where the host begins.
fn after_scheme(address: &str) -> Option<usize> {
    let colon = address.find("://")?;
    let scheme = &address[..colon];
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(colon + 3)
}

/// The first of `marks` from byte `from` on, or the end.
fn find(address: &str, from: usize, marks: &[char]) -> usize {
    address[from..].find(marks).map_or(address.len(), |at| from + at)
}

/// Names and the bytes of values, of the query and then of the fragment, from byte `from` on.
fn parameters(text: &str, from: usize) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = from;
    text[from..].split(['?', '#', '&']).filter_map(move |part| {
        let start = at;
        let end = start + part.len();
        at = end + 1;
        let name_at = start + if part.starts_with("amp;") { "amp;".len() } else { 0 };
        let equals = name_at + text[name_at..end].find('=')?;
        Some((&text[name_at..equals], equals + 1..end))
    })
}

/// What the value of a time parameter says about the start: it may name a format, and an end.
fn read_start(address: &str, value: Range<usize>) -> (Range<usize>, Reading) {
    let written = &address[value.clone()];
    let start = value.start + if written.starts_with("npt:") { "npt:".len() } else { 0 };
    let end = find(&address[..value.end], start, &[',']);
    (start..end, time::read(&address[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Id, and the time as written and in seconds.
    type Parts<'a> = (String, Option<(&'a str, Option<u64>)>);

    fn read(address: &str) -> Option<Parts<'_>> {
        let VideoAddress { id, time } = video_address(address)?;
        Some((id, time.map(|(range, reading)| (&address[range], reading.millis().map(Millis::seconds)))))
    }

    #[test]
    fn every_spelling_of_an_address_leads_to_its_video() {
        let addresses = [
            "https://www.youtube.com/watch?v=sUjFz20kTFw",
            "http://youtube.com/watch?v=sUjFz20kTFw",
            "HTTPS://WWW.YouTube.COM/watch?v=sUjFz20kTFw",
            "https://m.youtube.com/watch?v=sUjFz20kTFw",
            "https://music.youtube.com/watch?v=sUjFz20kTFw",
            "https://www.youtube.com/watch/?v=sUjFz20kTFw",
            "https://www.youtube.com/watch?app=desktop&v=sUjFz20kTFw&list=PL1",
            "https://www.youtube.com/watch?list=PL1&amp;v=sUjFz20kTFw",
            "https://youtu.be/sUjFz20kTFw",
            "https://youtu.be/sUjFz20kTFw?si=abc",
            "https://youtu.be/sUjFz20kTFw/",
            "https://www.youtube.com/embed/sUjFz20kTFw",
            "https://www.youtube-nocookie.com/embed/sUjFz20kTFw?rel=0",
            "https://youtube-nocookie.com/embed/sUjFz20kTFw",
            "https://www.youtube.com/live/sUjFz20kTFw?feature=share",
            "https://youtube.com/shorts/sUjFz20kTFw",
            "https://www.youtube.com/v/sUjFz20kTFw",
        ];
        for address in addresses {
            assert_eq!(read(address), Some(("sUjFz20kTFw".into(), None)), "{address}");
        }
    }

    #[test]
    fn an_address_says_its_time_in_exact_bytes() {
        let cases = [
            ("https://www.youtube.com/watch?v=sUjFz20kTFw&t=364s", "364s", Some(364)),
            ("https://www.youtube.com/watch?t=364s&v=sUjFz20kTFw", "364s", Some(364)),
            ("https://www.youtube.com/watch?v=sUjFz20kTFw&amp;t=364", "364", Some(364)),
            ("https://www.youtube.com/watch?v=sUjFz20kTFw#t=6m4s", "6m4s", Some(364)),
            ("https://www.youtube.com/watch?v=sUjFz20kTFw&feature=x#a&t=00:06:04", "00:06:04", Some(364)),
            ("https://www.youtube.com/watch?time_continue=364&v=sUjFz20kTFw", "364", Some(364)),
            ("https://www.youtube.com/watch?time_continue=1&v=sUjFz20kTFw&t=364", "364", Some(364)),
            ("https://www.youtube.com/watch?v=sUjFz20kTFw&t=364#t=5", "364", Some(364)),
            ("https://youtu.be/sUjFz20kTFw?t=1h2m3s", "1h2m3s", Some(3723)),
            ("https://youtu.be/sUjFz20kTFw&t=5", "5", Some(5)),
            ("https://youtu.be/sUjFz20kTFw?si=x?t=5", "5", Some(5)),
            ("https://www.youtube-nocookie.com/embed/sUjFz20kTFw?start=62&end=70", "62", Some(62)),
            ("https://www.youtube.com/live/sUjFz20kTFw?t=62", "62", Some(62)),
            ("https://youtube.com/shorts/sUjFz20kTFw?t=62", "62", Some(62)),
            ("https://youtu.be/sUjFz20kTFw?t=soon", "soon", None),
            ("https://youtu.be/sUjFz20kTFw?t=", "", None),
        ];
        for (address, written, seconds) in cases {
            assert_eq!(read(address), Some(("sUjFz20kTFw".into(), Some((written, seconds)))), "{address}");
        }
    }

    #[test]
    fn an_address_that_leads_to_no_video_is_none() {
        let addresses = [
            "",
            "https://",
            "https://www.youtube.com",
            "https://www.youtube.com/",
            "https://www.youtube.com/watch",
            "https://www.youtube.com/watch?v=short",
            "https://www.youtube.com/watch?v=sUjFz20kTFwX",
            "https://www.youtube.com/watch?w=sUjFz20kTFw",
            "https://www.youtube.com/@channel",
            "https://www.youtube.com/playlist?list=sUjFz20kTFw",
            "https://www.youtube.com/embed/videoseries?list=PL1",
            "https://www.youtube.com/embed/live_stream?channel=x",
            "https://youtu.be/",
            "https://youtu.be/sUjFz20kTF!",
            "https://notyoutube.com/watch?v=sUjFz20kTFw",
            "https://youtube.com.example.org/watch?v=sUjFz20kTFw",
            "https://example.org/?u=https://youtu.be/sUjFz20kTFw",
            "www.youtube.com/watch?v=sUjFz20kTFw",
            "//youtu.be/sUjFz20kTFw",
            "ftp://youtu.be/sUjFz20kTFw",
            "sUjFz20kTFw",
        ];
        for address in addresses {
            assert_eq!(video_address(address), None, "{address}");
        }
    }

    #[test]
    fn a_media_fragment_says_where_it_starts() {
        let cases = [
            ("t=62", Some("62")),
            ("t=5,10", Some("5")),
            ("t=npt:5,10", Some("5")),
            ("t=00:02:05.88", Some("00:02:05.88")),
            ("xywh=1&t=62", Some("62")),
            ("t=", Some("")),
            ("t", None),
            ("page=5", None),
            ("", None),
        ];
        for (fragment, start) in cases {
            assert_eq!(fragment_time(fragment).map(|(range, _)| &fragment[range]), start, "{fragment}");
        }
        assert_eq!(fragment_time("t=5,10").map(|(_, reading)| reading), Some(Reading::Time(Millis::from_seconds(5))));
    }

    proptest! {
        #[test]
        fn an_address_we_write_reads_back(id in "[A-Za-z0-9_-]{11}", seconds in 0u64..1_000_000) {
            prop_assume!(!NO_IDS.contains(&id.as_str()));
            let at = Millis::from_seconds(seconds);
            let address = watch_address(&id, Some(at));
            let read = video_address(&address).expect("leads to a video");
            prop_assert_eq!(read.time.map(|(_, reading)| reading), Some(Reading::Time(at)));
            prop_assert_eq!(&read.id, &id);
            prop_assert_eq!(video_address(&watch_address(&id, None)), Some(VideoAddress { id, time: None }));
        }

        #[test]
        fn any_text_may_be_taken_for_an_address(tail in r"[/?#&=a-z0-9;,.é:]{0,40}", text in r"\PC*") {
            for address in [format!("https://youtu.be/{tail}"), format!("https://youtube.com/{tail}"), tail, text] {
                video_address(&address);
                fragment_time(&address);
            }
        }
    }
}
