//! The bytes of a text file as UTF-8, whatever they were written in.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// Bytes taken from the file at once.
const RAW_BYTES: usize = 1 << 16;

/// What stands for a character that cannot be read: no text in UTF-8 has it, so that its cell is found and named.
const NO_CHARACTER: u8 = 0xff;

/// A file as UTF-8. Without a word on its encoding, a byte order mark says it, or the zeros of a header in UTF-16.
pub(super) struct Utf8<R> {
    file: R,
    encoding: &'static Encoding,
    /// Nothing where the file is UTF-8 already.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// What is decoded and not handed out yet.
    text: Vec<u8>,
    at: usize,
    is_over: bool,
}

impl<R: Read> Utf8<R> {
    /// Looks at the beginning of a file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn new(mut file: R, said: Option<&'static Encoding>) -> io::Result<Self> {
        let mut raw = Vec::with_capacity(RAW_BYTES);
        (&mut file).take(RAW_BYTES as u64).read_to_end(&mut raw)?;
        let (encoding, skipped) = match Encoding::for_bom(&raw) {
            Some((encoding, n)) => (encoding, n),
            None => (said.or_else(|| wide(&raw)).unwrap_or(UTF_8), 0),
        };
        raw.drain(..skipped);
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling());
        let (text, raw) = if decoder.is_none() { (raw, Vec::new()) } else { (Vec::new(), raw) };
        Ok(Self { file, encoding, decoder, raw, text, at: 0, is_over: false })
    }

    /// What it is written in.
    pub(super) fn encoding(&self) -> &'static Encoding {
        self.encoding
    }

    /// Decodes the next bytes of the file.
    fn fill(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.is_over {
            if self.raw.is_empty() {
                (&mut self.file).take(RAW_BYTES as u64).read_to_end(&mut self.raw)?;
                self.is_over = self.raw.is_empty();
            }
            let mut from = 0;
            loop {
                let room = 4 * (self.raw.len() - from) + 16;
                let start = self.text.len();
                self.text.resize(start + room, 0);
                let (result, read, written) = decoder.decode_to_utf8_without_replacement(
                    &self.raw[from..],
                    &mut self.text[start..],
                    self.is_over,
                );
                self.text.truncate(start + written);
                from += read;
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => self.text.push(NO_CHARACTER),
                }
            }
            self.raw.clear();
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            if self.decoder.is_none() {
                return self.file.read(buffer);
            }
            self.fill()?;
        }
        let n = buffer.len().min(self.text.len() - self.at);
        buffer[..n].copy_from_slice(&self.text[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// UTF-16 without a byte order mark: every other byte of a header in Latin letters is zero.
fn wide(start: &[u8]) -> Option<&'static Encoding> {
    let start = &start[..start.len().min(64) & !1];
    if start.len() < 4 {
        return None;
    }
    let all =
        |at: usize, zero: bool| start.iter().skip(at).step_by(2).all(|byte| (*byte == 0) == zero);
    match (all(0, false) && all(1, true), all(0, true) && all(1, false)) {
        (true, _) => Some(UTF_16LE),
        (_, true) => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], said: Option<&str>, want: &str) {
        let said = said.and_then(|label| Encoding::for_label(label.as_bytes()));
        let mut file = Utf8::new(bytes, said).unwrap();
        let mut text = Vec::new();
        file.read_to_end(&mut text).unwrap();
        assert_eq!(text.escape_ascii().to_string(), want);
    }

    fn wide_text(text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.iter().copied().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn a_file_says_what_it_is_written_in() {
        check(b"item\n\xc3\xbc", None, "item\\n\\xc3\\xbc");
        check(b"\xef\xbb\xbfitem", None, "item");
        check(&wide_text("item\nü", b"\xff\xfe", u16::to_le_bytes), None, "item\\n\\xc3\\xbc");
        check(&wide_text("item\nü", b"\xfe\xff", u16::to_be_bytes), None, "item\\n\\xc3\\xbc");
        check(&wide_text("item", b"", u16::to_le_bytes), None, "item");
        check(&wide_text("item", b"", u16::to_be_bytes), None, "item");
        check(b"item\n\xfc\x80", Some("windows-1252"), "item\\n\\xc3\\xbc\\xe2\\x82\\xac");
        // What cannot be read stays to be found.
        check(b"item\n\xfc", None, "item\\n\\xfc");
        check(&wide_text("item", b"\xff\xfe", u16::to_le_bytes)[..9], None, "ite\\xff");
        let long = "ü".repeat(200_000);
        let mut text = String::new();
        let bytes = wide_text(&long, b"\xff\xfe", u16::to_le_bytes);
        Utf8::new(&bytes[..], None).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, long);
    }
}
