//! Tokens of pages: where a list goes on, and of what list that is. Nobody but the method that gave one reads it.

use super::{fields::FieldReader, status::shown};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use prost::Message;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Bytes of a token: the names of what a page ends with may be long.
const TOKEN_BYTES_MAX: usize = 64 << 10;

/// Where a list goes on.
#[derive(Serialize, Deserialize)]
struct Token<T> {
    /// Of the request that it goes on with.
    of: String,
    at: T,
}

/// What a list is: what its request asks for, but for the size of a page and where one begins.
pub(super) fn digest(asked: &impl Message) -> String {
    blake3::hash(&asked.encode_to_vec()).to_hex()[..16].to_string()
}

/// The token of the page that begins at a place of a list.
pub(super) fn token(of: String, at: impl Serialize) -> String {
    let json = serde_json::to_vec(&Token { of, at }).expect("it is JSON");
    URL_SAFE_NO_PAD.encode(json)
}

/// Where to go on; none on the first page. A token of another list is a fault.
pub(super) fn read<T: DeserializeOwned>(
    reader: &mut FieldReader<'_>,
    (text, of): (&str, &str),
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let bytes = Some(text).filter(|text| text.len() <= TOKEN_BYTES_MAX);
    let bytes = bytes.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    let token: Option<Token<T>> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let fault = match token {
        Some(token) if token.of == of => return Some(token.at),
        Some(_) => "is of a list with another filter, query or order".to_string(),
        None => format!("{} is not a token that this method gave", shown(text)),
    };
    reader.fault("page_token", fault);
    None
}
