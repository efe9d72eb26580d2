//! What a body says, and bodies to say it. Knows JSON-RPC; not what any method means.
//!
//! Parameters stay text until somebody knows their type, and answers go straight to bytes: no large value is ever built.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::ls_types::notification::Notification;

/// A message of the client.
#[derive(Debug)]
pub enum Message {
    Request {
        id: Id,
        method: String,
        params: Params,
    },
    Notification {
        method: String,
        params: Params,
    },
    /// To a request of ours.
    Reply(Response),
    /// No message at all: what to say about it.
    Invalid(Id, Failure),
}

/// Parameters as they came.
pub type Params = Option<Box<RawValue>>;

/// An error as the client sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    pub code: i64,
    pub message: Cow<'static, str>,
}

impl Failure {
    pub const NOT_INITIALIZED: Failure = Failure::new(-32002, "the server has not been initialized");
    pub const SHUT_DOWN: Failure = Failure::new(-32600, "the server has been shut down");
    pub const CANCELLED: Failure = Failure::new(-32800, "cancelled");
    pub const CONTENT_MODIFIED: Failure = Failure::new(-32801, "the note has changed since; ask again");
    pub const INTERNAL: Failure = Failure::new(-32603, "the server failed to answer; its log says why");
    pub const ID_IN_USE: Failure = Failure::new(-32600, "a request with this id is not answered yet");

    const fn new(code: i64, message: &'static str) -> Failure {
        Failure { code, message: Cow::Borrowed(message) }
    }

    /// The request was understood, and what it asks for cannot be done.
    pub fn refused(reason: impl Into<Cow<'static, str>>) -> Failure {
        Failure { code: -32803, message: reason.into() }
    }

    pub fn unknown(method: &str) -> Failure {
        Failure { code: -32601, message: format!("the server does not know the method {method:?}").into() }
    }

    pub fn invalid_params(problem: &impl std::fmt::Display) -> Failure {
        Failure { code: -32602, message: format!("invalid parameters: {problem}").into() }
    }

    fn no_json(problem: &impl std::fmt::Display) -> Failure {
        Failure { code: -32700, message: format!("not JSON: {problem}").into() }
    }

    fn invalid(problem: &'static str) -> Failure {
        Failure::new(-32600, problem)
    }
}

/// Reads a body. Total: what is no message is [`Message::Invalid`].
pub fn read(body: &[u8]) -> Message {
    let text = String::from_utf8_lossy(body);
    let envelope = match serde_json::from_str::<Envelope>(&text) {
        Ok(envelope) => envelope,
        Err(problem) => return Message::Invalid(Id::Null, refusal(&text, &problem)),
    };
    envelope.into_message().unwrap_or_else(|(id, problem)| Message::Invalid(id, Failure::invalid(problem)))
}

/// A request or notification as the protocol library takes it.
pub fn for_service(method: String, id: Option<Id>, params: &Params) -> Result<Request, Failure> {
    let mut request = Request::build(method);
    if let Some(params) = params {
        let params: Value = serde_json::from_str(params.get()).map_err(|problem| Failure::invalid_params(&problem))?;
        request = request.params(params);
    }
    Ok(match id {
        Some(id) => request.id(id).finish(),
        None => request.finish(),
    })
}

/// The body that answers a request.
pub fn answer(id: &Id, result: &impl Serialize) -> Result<Vec<u8>, Failure> {
    #[derive(Serialize)]
    struct Answer<'a, R> {
        jsonrpc: &'static str,
        id: &'a Id,
        result: &'a R,
    }
    serde_json::to_vec(&Answer { jsonrpc: "2.0", id, result }).map_err(|problem| {
        tracing::error!("an answer cannot be written: {problem}");
        Failure::INTERNAL
    })
}

/// The body that says why a request has no answer.
pub fn failure(id: &Id, error: &Failure) -> Vec<u8> {
    #[derive(Serialize)]
    struct Refused<'a> {
        jsonrpc: &'static str,
        id: &'a Id,
        error: &'a Failure,
    }
    serde_json::to_vec(&Refused { jsonrpc: "2.0", id, error }).unwrap_or_default()
}

/// The body of an answer that the protocol library made.
pub fn response(response: &Response) -> Vec<u8> {
    serde_json::to_vec(response).unwrap_or_default()
}

/// The body of a notification.
pub fn notification<N: Notification>(params: &N::Params) -> Vec<u8>
where
    N::Params: Serialize,
{
    #[derive(Serialize)]
    struct Told<'a, P> {
        jsonrpc: &'static str,
        method: &'static str,
        params: &'a P,
    }
    serde_json::to_vec(&Told { jsonrpc: "2.0", method: N::METHOD, params }).unwrap_or_default()
}

/// Half a surrogate pair (`\ud83d` alone), which editors write when an emoji is cut in two, made U+FFFD: as wide, and
/// readable. Without this the edit that holds it would be lost, and the text would differ from the editor's for ever.
pub fn mend_surrogates(body: &mut [u8]) {
    let mut at = 0;
    while let Some(slash) = memchr::memchr(b'\\', body.get(at..).unwrap_or_default()).map(|found| at + found) {
        at = slash + 2;
        match (escaped_unit(body, slash), escaped_unit(body, slash + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at = slash + 12,
            (Some(0xD800..=0xDFFF), _) => body[slash + 2..slash + 6].copy_from_slice(b"fffd"),
            _ => {}
        }
    }
}

/// The code unit of `\uXXXX` at `at`.
fn escaped_unit(body: &[u8], at: usize) -> Option<u16> {
    let digits = body.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | (digit as char).to_digit(16)? as u16))
}

/// A JSON-RPC message before it is known to be one. Members are raw, so that one of an odd type does not hide the others.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    jsonrpc: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    method: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    error: Option<&'a RawValue>,
}

/// A member that is there, even as `null`.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl Envelope<'_> {
    fn into_message(self) -> Result<Message, (Id, &'static str)> {
        let id = self.id.map(|id| serde_json::from_str::<Id>(id.get()));
        let known_id = || id.as_ref().and_then(|id| id.as_ref().ok()).cloned().unwrap_or_default();
        if self.jsonrpc.is_some_and(|version| version.get() != "\"2.0\"") {
            return Err((known_id(), "the version of JSON-RPC is not 2.0"));
        }
        let Some(method) = self.method else {
            let id = id.and_then(Result::ok).ok_or((Id::Null, "neither a method nor an id"))?;
            return Ok(Message::Reply(self.reply(id)));
        };
        let Ok(method) = serde_json::from_str::<String>(method.get()) else {
            return Err((known_id(), "the method is no text"));
        };
        let params = self.params.map(ToOwned::to_owned);
        match id {
            None => Ok(Message::Notification { method, params }),
            Some(Ok(id)) if id != Id::Null => Ok(Message::Request { id, method, params }),
            Some(_) => Err((Id::Null, "the id is neither a whole number nor a text")),
        }
    }

    fn reply(&self, id: Id) -> Response {
        let value = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
        match value(self.error).filter(|error| !error.is_null()) {
            None => Response::from_ok(id, value(self.result).unwrap_or_default()),
            Some(error) => {
                let code = error["code"].as_i64().map_or(ErrorCode::InternalError, ErrorCode::from);
                let message = error["message"].as_str().unwrap_or_default().to_owned();
                Response::from_error(id, Error { code, message: message.into(), data: None })
            }
        }
    }
}

/// Why a text is no envelope: it is not JSON, or JSON of another shape.
fn refusal(text: &str, problem: &serde_json::Error) -> Failure {
    match text.trim_ascii_start().as_bytes().first() {
        _ if problem.is_syntax() || problem.is_eof() => Failure::no_json(problem),
        Some(b'[') => Failure::invalid("batches are not part of the protocol"),
        _ => Failure::invalid("neither a request nor an answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> i64 {
        match read(body.as_bytes()) {
            Message::Invalid(_, failure) => failure.code,
            other => panic!("{body} is taken for {other:?}"),
        }
    }

    #[test]
    fn what_is_no_message_is_refused_with_the_right_code() {
        for body in ["", "{", "nonsense", "{\"a\":}", "\u{feff}"] {
            assert_eq!(code(body), -32700, "{body:?}");
        }
        for body in [
            "[]",
            r#"[{"jsonrpc":"2.0","id":1,"method":"a"}]"#,
            "1",
            "null",
            "{}",
            r#"{"jsonrpc":"1.0","id":1,"method":"a"}"#,
            r#"{"jsonrpc":2.0,"id":1,"method":"a"}"#,
            r#"{"id":1,"method":5}"#,
            r#"{"id":null,"method":"a"}"#,
            r#"{"id":1.5,"method":"a"}"#,
            r#"{"id":{},"method":"a"}"#,
            r#"{"id":99999999999999999999,"method":"a"}"#,
            r#"{"id":1,"id":2,"method":"a"}"#,
        ] {
            assert_eq!(code(body), -32600, "{body}");
        }
    }

    #[test]
    fn requests_notifications_and_replies_are_told_apart() {
        let request = read(br#"{"jsonrpc":"2.0","id":"x","method":"a","params":{"b":1}}"#);
        assert!(matches!(request, Message::Request { id: Id::String(_), params: Some(_), .. }), "{request:?}");
        assert!(matches!(read(br#"{"method":"a"}"#), Message::Notification { params: None, .. }));
        let Message::Reply(reply) = read(br#"{"id":3,"error":{"code":-32601,"message":"no","data":{}}}"#) else {
            panic!("an error is a reply");
        };
        assert_eq!(reply.error().map(|error| error.code), Some(ErrorCode::MethodNotFound));
        assert!(matches!(read(br#"{"id":3}"#), Message::Reply(reply) if reply.is_ok()));
        assert!(matches!(read(br#"{"id":3,"result":null,"error":null}"#), Message::Reply(reply) if reply.is_ok()));
    }

    #[test]
    fn a_text_that_is_not_utf8_is_read_as_far_as_it_is() {
        let message = read(b"{\"method\":\"a\",\"params\":{\"text\":\"caf\xe9\"}}");
        let Message::Notification { params: Some(params), .. } = message else { panic!("{message:?}") };
        assert!(params.get().contains("caf\u{fffd}"));
    }

    #[test]
    fn half_a_surrogate_pair_is_mended_and_whole_ones_are_kept() {
        for (written, mended) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\ude00\ud83d\ud83d\ude00""#, r#""\ufffd\ufffd\ud83d\ude00""#),
            (r#""\\ud83d \ud83""#, r#""\\ud83d \ud83""#),
            (r"\", r"\"),
        ] {
            let mut body = written.as_bytes().to_vec();
            mend_surrogates(&mut body);
            assert_eq!(String::from_utf8(body).as_deref(), Ok(mended));
        }
    }
}
