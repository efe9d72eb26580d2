//! What a shell sees of a command that has ended.

use std::process::Output;

pub fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).expect("the output is UTF-8")
}

pub fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).expect("the complaints are UTF-8")
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("the binary ends by itself")
}
