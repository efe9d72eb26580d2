//! Which files of a vault are transcripts, of which video and in what language, and what they say.
//!
//! Knows file names and keeps the few that were read last; not which transcript a note means.

use super::disk;
use super::file::{File, FileId, Stamp};
use crate::syntax::media::is_video_id;
use crate::syntax::time::Millis;
use crate::syntax::transcript::Transcript;
use rustc_hash::FxHashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a transcript's file name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    pub video: &'a str,
    /// `en`, `en-orig`, `pt-BR`
    pub language: Option<&'a str>,
}

/// Endings of transcripts, without the dot.
const ENDINGS: [&str; 2] = ["vtt", "srt"];

/// Reads the name of a transcript as `yt-dlp` and its forerunners write it: `Title [ID].en.vtt`, `Title-ID.en.vtt`, `ID.srt`.
/// `None` for any other file.
pub fn named(file: &str) -> Option<Named<'_>> {
    let (rest, ending) = file.rsplit_once('.')?;
    if !ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)) {
        return None;
    }
    if let Some(video) = video_at_end(rest) {
        return Some(Named { video, language: None });
    }
    let (rest, language) = rest.rsplit_once('.')?;
    let is_language = language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let video = video_at_end(rest).filter(|_| is_language && !language.is_empty())?;
    Some(Named { video, language: Some(language) })
}

/// The id in brackets or alone at the end of a name.
fn video_at_end(name: &str) -> Option<&str> {
    let name = name.strip_suffix([']', ')']).unwrap_or(name);
    let (before, id) = name.split_at_checked(name.len().checked_sub(11)?)?;
    let stands_alone = before.is_empty() || before.ends_with(['[', '(', '-', '_', ' ', '.']);
    (stands_alone && is_video_id(id)).then_some(id)
}

/// The transcript that a file is by its name.
pub fn of_file(file: &File) -> Option<Named<'_>> {
    if file.is_note() { None } else { named(file.name()) }
}

/// The transcripts read last, shared by all snapshots of a vault: a file is read again when its size or time changes.
#[derive(Default)]
pub struct Transcripts(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// The last ones, the latest at the end.
    whole: Vec<(FileId, Stamp, Arc<Transcript>)>,
    /// Of each that was ever read, its end: what findings of a whole vault ask for.
    ends: FxHashMap<FileId, (Stamp, Option<Millis>)>,
}

/// How many are kept whole; ten hours are about 5 MB.
const MOST: usize = 4;

impl Transcripts {
    /// What the file `id` at `path` says now; `None` where it cannot be read.
    pub fn read(&self, id: FileId, path: &Path) -> Option<Arc<Transcript>> {
        let stamp = disk::stamp(path)?;
        if let Some(kept) = self.kept().whole.iter().find(|kept| kept.0 == id && kept.1 == stamp) {
            return Some(kept.2.clone());
        }
        // Read without the lock: two who ask at once both read.
        let transcript = Arc::new(Transcript::read(&disk::read_bytes(path).ok()?));
        let mut kept = self.kept();
        kept.whole.retain(|kept| kept.0 != id);
        kept.whole.push((id, stamp, transcript.clone()));
        if kept.whole.len() > MOST {
            kept.whole.remove(0);
        }
        kept.ends.insert(id, (stamp, transcript.end()));
        Some(transcript)
    }

    /// When its last word is over.
    pub fn end(&self, id: FileId, path: &Path) -> Option<Millis> {
        let stamp = disk::stamp(path)?;
        let known = self.kept().ends.get(&id).filter(|(of, _)| *of == stamp).map(|(_, end)| *end);
        known.unwrap_or_else(|| self.read(id, path)?.end())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_the_video_and_the_language() {
        let cases = [
            ("A talk [sUjFz20kTFw].en.vtt", Some(("sUjFz20kTFw", Some("en")))),
            ("A talk [sUjFz20kTFw].vtt", Some(("sUjFz20kTFw", None))),
            ("Mr. Light, vol. 2 [sUjFz20kTFw].pt-BR.srt", Some(("sUjFz20kTFw", Some("pt-BR")))),
            ("A talk-sUjFz20kTFw.en-orig.VTT", Some(("sUjFz20kTFw", Some("en-orig")))),
            ("sUjFz20kTFw.vtt", Some(("sUjFz20kTFw", None))),
            ("sUjFz20kTFw.en.srt", Some(("sUjFz20kTFw", Some("en")))),
            ("-UjFz20kTF_.en.srt", Some(("-UjFz20kTF_", Some("en")))),
            ("灯台 (sUjFz20kTFw).日本.vtt", None),
            ("灯台 (sUjFz20kTFw).ja.vtt", Some(("sUjFz20kTFw", Some("ja")))),
            ("灯灯台.vtt", None),
            ("A talk [sUjFz20kTFw].en.txt", None),
            ("lighthouse.vtt", None),
            ("talk.en.vtt", None),
            (".vtt", None),
            ("vtt", None),
        ];
        for (name, expected) in cases {
            assert_eq!(named(name).map(|named| (named.video, named.language)), expected, "{name}");
        }
    }

    #[test]
    fn a_transcript_is_read_again_when_it_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.vtt");
        std::fs::write(&path, "00:01.000 --> 00:02.000\na\n").expect("a file");
        let (transcripts, id) = (Transcripts::default(), FileId(0));
        let first = transcripts.read(id, &path).expect("it is there");
        assert!(Arc::ptr_eq(&first, &transcripts.read(id, &path).expect("it is there")));
        assert_eq!(transcripts.end(id, &path), Some(Millis(2_000)));
        std::fs::write(&path, "00:01.000 --> 00:03.000\nlonger\n").expect("a file");
        assert_eq!(transcripts.end(id, &path), Some(Millis(3_000)));
        std::fs::remove_file(&path).expect("it is there");
        assert_eq!(transcripts.end(id, &path), None);
    }

    #[test]
    fn only_the_last_ones_are_kept_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let transcripts = Transcripts::default();
        for number in 0..10 {
            let path = folder.path().join(format!("{number}.vtt"));
            std::fs::write(&path, format!("00:01.000 --> 00:0{number}.000\na\n")).expect("a file");
            transcripts.read(FileId(number), &path);
        }
        assert_eq!(transcripts.kept().whole.len(), MOST);
        assert_eq!(transcripts.kept().ends.len(), 10);
    }
}
