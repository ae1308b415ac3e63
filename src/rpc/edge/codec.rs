//! Messages and their bytes: counted before they are unpacked, and before answers are packed.
//!
//! Bytes that are no message are the caller's fault, not ours.

use super::{
    memory::{self, Held},
    weight,
};
use crate::rpc::{
    secure::{answer, request},
    status::Failure,
};
use bytes::{Buf, BufMut};
use prost::{Message, Name};
use std::{marker::PhantomData, sync::Arc};
use tonic::{
    Code, Status,
    codec::{self, DecodeBuf, EncodeBuf},
};

/// The codec of all our services and clients.
#[derive(Clone, Debug)]
pub struct Codec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for Codec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> codec::Codec for Codec<T, U>
where
    T: Message + Name + Send + 'static,
    U: Message + Name + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = Encoder<T>;
    type Decoder = Decoder<U>;

    fn encoder(&mut self) -> Encoder<T> {
        Encoder::default()
    }

    fn decoder(&mut self) -> Decoder<U> {
        Decoder { unpacked: 0, message: PhantomData }
    }
}

/// Packs messages.
#[derive(Debug)]
pub struct Encoder<T> {
    /// Bytes of the message before, which is sent when the next one is packed.
    packed: usize,
    message: PhantomData<T>,
}

impl<T> Default for Encoder<T> {
    fn default() -> Self {
        Self { packed: 0, message: PhantomData }
    }
}

impl<T: Message + Name> codec::Encoder for Encoder<T> {
    type Item = T;
    type Error = Status;

    fn encode(&mut self, item: T, buf: &mut EncodeBuf<'_>) -> Result<(), Status> {
        if let Some(held) = memory::current() {
            exchange(&held, &mut self.packed, item.encoded_len())?;
        }
        if answer::is_looked_through() {
            let bytes = item.encode_to_vec();
            buf.put_slice(answer::look(&T::full_name(), &bytes)?.as_deref().unwrap_or(&bytes));
            return Ok(());
        }
        item.encode(buf).map_err(|error| Status::internal(error.to_string()))
    }
}

/// Packs the only answer of a call behind `before`, where it is told as it is and there is room for it.
pub(in crate::rpc) fn pack<T: Message>(
    message: &T,
    length: usize,
    before: &[u8],
) -> Option<Vec<u8>> {
    // What is longer than a prefix can say goes the long way, and is refused there.
    let is_sayable = u32::try_from(length).is_ok();
    if !is_sayable || answer::is_looked_through() || memory::hold(length).is_err() {
        return None;
    }
    let mut bytes = Vec::with_capacity(before.len() + length);
    bytes.extend_from_slice(before);
    message.encode_raw(&mut bytes);
    Some(bytes)
}

/// Unpacks messages.
#[derive(Debug)]
pub struct Decoder<U> {
    /// What was taken for the message before, which is done with when the next one comes.
    unpacked: usize,
    message: PhantomData<U>,
}

impl<U: Message + Name + Default> codec::Decoder for Decoder<U> {
    type Item = U;
    type Error = Status;

    fn decode(&mut self, buf: &mut DecodeBuf<'_>) -> Result<Option<U>, Status> {
        // A message lies in one piece.
        let message = unpack(buf.chunk(), &mut self.unpacked)?;
        buf.advance(buf.remaining());
        Ok(Some(message))
    }
}

/// A message from its bytes, which are looked through before; `unpacked` is what was taken for the one before it.
pub(in crate::rpc) fn unpack<U>(bytes: &[u8], unpacked: &mut usize) -> Result<U, Status>
where
    U: Message + Name + Default,
{
    count::<U>(bytes, unpacked)?;
    if let Some(other) = request::look(U::full_name, bytes)? {
        return U::decode(&*other).map_err(|error| Status::internal(error.to_string()));
    }
    U::decode(bytes).map_err(|error| {
        let text = format!("the request is no {}: {error}", U::full_name());
        Failure::new(Code::InvalidArgument, "NOT_DECODABLE", text).into()
    })
}

/// Counts what a message takes unpacked, in the place of the one before it.
pub(in crate::rpc) fn count<U: Name>(bytes: &[u8], unpacked: &mut usize) -> Result<(), Status> {
    let Some(held) = memory::current() else { return Ok(()) };
    let weight = weight::of((U::PACKAGE, U::NAME), bytes, held.most());
    let beyond = weight.saturating_sub(held.own());
    exchange(&held, unpacked, beyond)
}

/// Gives back what was taken before, and takes what is needed now.
fn exchange(held: &Arc<Held>, before: &mut usize, now: usize) -> Result<(), Status> {
    held.give(std::mem::take(before));
    held.take(now).map_err(Failure::from)?;
    *before = now;
    Ok(())
}
