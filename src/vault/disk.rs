//! The one door to files: reads, lists, asks; never writes, which [`super::replace`] does.
//!
//! Nothing outside a vault is ever opened because a note says so: callers hand in paths that [`super::resolve::join`]
//! has kept inside.

use super::file::Stamp;
use std::borrow::Cow;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Above this a note's name resolves, and its text is not read.
pub const MAX_NOTE: u64 = 16 << 20;
/// Above this a settings file is not one.
const MAX_SMALL: u64 = 1 << 20;

/// The byte order mark that some editors put in front of a text.
pub const MARK: &str = "\u{feff}";

/// A note as it is on disk now.
#[derive(Debug)]
pub struct OnDisk<T = String> {
    pub stamp: Stamp,
    /// Without a byte order mark in front, as editors have it; `None` above [`MAX_NOTE`].
    pub text: Option<T>,
    /// A byte order mark stands in front.
    pub marked: bool,
    /// Some bytes were no UTF-8; each stands as U+FFFD.
    pub lossy: bool,
}

impl<T> OnDisk<T> {
    /// What the user should know about the file `path`, if anything.
    pub fn problem(&self, path: &str) -> Option<String> {
        if self.text.is_none() {
            let megabytes = self.stamp.size >> 20;
            return Some(format!(
                "{path} has {megabytes} MB: links to it work, its own text is not read (above 16 MB)"
            ));
        }
        self.lossy.then(|| format!("{path} is not UTF-8: what cannot be read stands as \u{fffd}"))
    }
}

/// Reads a note.
///
/// # Errors
/// What the system says: not found, permission denied, a folder.
pub fn read(path: &Path) -> io::Result<OnDisk> {
    let mut buffer = Vec::new();
    let OnDisk { stamp, text, marked, lossy } = read_into(&mut buffer, path)?;
    Ok(OnDisk { stamp, text: text.map(Cow::into_owned), marked, lossy })
}

/// The same for whoever reads many: the text is kept in `buffer`.
///
/// # Errors
/// As of [`read`].
pub fn read_into<'b>(buffer: &'b mut Vec<u8>, path: &Path) -> io::Result<OnDisk<Cow<'b, str>>> {
    let file = open_at_once(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    let mut stamp = stamp_of(&metadata);
    if metadata.len() > MAX_NOTE {
        return Ok(OnDisk { stamp, text: None, marked: false, lossy: false });
    }
    buffer.clear();
    buffer.reserve(metadata.len() as usize);
    // A file that grows while it is read must not fill the memory; that it grew is an event, and it is read again. Nor is
    // the system asked whether there is more.
    file.take(metadata.len()).read_to_end(buffer)?;
    stamp.hash = hash(buffer);
    let without_mark = buffer.strip_prefix(MARK.as_bytes());
    let marked = without_mark.is_some();
    let bytes = without_mark.unwrap_or(buffer);
    let read = simdutf8::basic::from_utf8(bytes);
    let lossy = read.is_err();
    let text = read.map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    Ok(OnDisk { stamp, text: Some(text), marked, lossy })
}

/// Opens a file; whatever else is there, it is not waited for.
#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    // To open a pipe is to wait for a writer, unless one says not to.
    fs::OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<fs::File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    fs::File::open(path)
}

/// Reads an attachment that says something in words.
///
/// # Errors
/// What the system says; or that it is larger than 16 MB.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_NOTE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_NOTE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than 16 MB"));
    }
    Ok(bytes)
}

/// The text of a settings file; `None` if there is none that can be read.
pub fn read_small(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    if metadata.len() > MAX_SMALL { None } else { fs::read_to_string(path).ok() }
}

/// Size and time of a file; `None` if it is not there or no file. The hash is 0.
pub fn stamp(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().filter(Metadata::is_file).map(|metadata| stamp_of(&metadata))
}

pub fn stamp_of(metadata: &Metadata) -> Stamp {
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    Stamp { size: metadata.len(), modified: modified.map_or(0, |time| time.as_nanos() as u64), hash: 0 }
}

/// Whether something is there, of any kind.
pub fn exists(path: &Path) -> bool {
    fs::metadata(path).is_ok()
}

/// Whether something is at `path` below `root`, without a link that leads out of it.
pub fn is_inside(root: &Path, path: &str) -> bool {
    let path = root.join(path);
    let real = |path: &Path| fs::canonicalize(path).ok();
    // Most often nothing is there, and that is found out at once.
    exists(&path) && real(&path).is_some_and(|path| real(root).is_some_and(|root| path.starts_with(root)))
}

pub fn is_folder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// The one absolute path of what is at `path`, links followed.
///
/// # Errors
/// What the system says: not found, permission denied.
pub fn canonical(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize()
}

/// A hash of a text's bytes that tells two versions of one note apart; never 0.
pub fn hash(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish().max(1)
}
