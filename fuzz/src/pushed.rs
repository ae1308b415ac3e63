//! A push, message by message, against a server that goes on from one to the next.

use promised::{
    engine::{
        Config, Engine,
        refresh::{RefreshSettings, Refresher, Store},
    },
    journal::{Memory, codec::check_sum},
    loader::{self, Silent},
    rpc::{
        self,
        proto::{
            self,
            push_request::{Begin, Chunk, Finish, Part, begin},
            snapshot_service_client::SnapshotServiceClient,
        },
    },
};
use std::{
    path::Path,
    sync::{Arc, LazyLock},
};
use tokio::{net::TcpListener, runtime::Runtime};
use tonic::transport::Channel;

static SERVER: LazyLock<(Runtime, Channel)> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let dir = here.map(|dir| dir.join("snapshots/tiny")).find(|dir| dir.is_dir()).unwrap();
    let snapshot = loader::open(&dir, &Silent).unwrap().snapshot.unwrap();
    let journal = Box::new(Memory::default());
    let engine = Engine::start(Arc::new(snapshot), journal, Config::new()).unwrap();
    let store = Store::open(None).unwrap();
    let refresher = Refresher::new(engine, store, RefreshSettings::default()).unwrap();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let channel = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(rpc::serve(refresher, listener, std::future::pending()));
        Channel::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap()
    });
    (runtime, channel)
});

/// Bytes that are taken one after the other.
struct Taken<'a>(&'a [u8]);

impl<'a> Taken<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    fn some(&mut self) -> &'a [u8] {
        let n = usize::from(self.byte()).min(self.0.len());
        let (some, rest) = self.0.split_at(n);
        self.0 = rest;
        some
    }
}

const NAMES: [&str; 8] = [
    "manifest.json",
    "items.csv",
    "locations.csv",
    "../up.csv",
    "",
    "a/b.csv",
    "items.csv.part",
    "x",
];

const IDS: [&str; 4] = ["F1", "F2", "", "../F3"];

fn message(taken: &mut Taken<'_>) -> proto::PushRequest {
    let name = |byte: u8| NAMES[usize::from(byte) % NAMES.len()].to_string();
    let part = match taken.byte() % 4 {
        0 => {
            let snapshot_id = IDS[usize::from(taken.byte()) % IDS.len()].to_string();
            let n_files = taken.byte() % 4;
            let files = (0..n_files).map(|_| {
                let (file, data) = (name(taken.byte()), taken.some());
                let crc32c = u32::from_le_bytes(check_sum(data));
                begin::File { file, length: data.len() as u64, crc32c, blake3: String::new() }
            });
            Some(Part::Begin(Begin { snapshot_id, files: files.collect() }))
        }
        1 => {
            let (file, how, data) = (name(taken.byte()), taken.byte(), taken.some());
            let sum = u32::from_le_bytes(check_sum(data));
            let crc32c = if how & 1 == 0 { sum } else { !sum };
            let offset = if how & 2 == 0 { 0 } else { u64::from(how >> 3) << (how & 63) };
            Some(Part::Chunk(Chunk {
                file,
                offset,
                data: data.to_vec(),
                crc32c,
                last: how & 4 == 0,
            }))
        }
        2 => Some(Part::Finish(Finish { aim: i32::from(taken.byte() % 6), force: None })),
        _ => None,
    };
    proto::PushRequest { part }
}

/// Whatever is sent, the push ends with an answer, and the server answers afterwards.
pub fn push(bytes: &[u8]) {
    let mut taken = Taken(bytes);
    let mut messages = Vec::new();
    while !taken.0.is_empty() && messages.len() < 64 {
        messages.push(message(&mut taken));
    }
    let (runtime, channel) = &*SERVER;
    runtime.block_on(async {
        let mut client = SnapshotServiceClient::new(channel.clone());
        let pushed = client.push(tokio_stream::iter(messages)).await;
        if let Err(status) = pushed {
            assert_ne!(status.code(), tonic::Code::Internal, "{status:?}");
            assert_ne!(status.code(), tonic::Code::Unknown, "{status:?}");
        }
        let ask = proto::GetUploadRequest { snapshot_id: "F1".to_string() };
        client.get_upload(ask).await.unwrap();
    });
}
