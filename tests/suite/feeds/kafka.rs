//! Issue 26 item 3: feeds of a server from Kafka, against a broker in this process that speaks its protocol. Server and broker
//! are killed at every step, and each message counts once.

use super::{
    nats::{Fed, ones},
    sources,
};
use krafka::{Record, testing::FakeBroker};
use std::fs;
use tokio::runtime::Runtime;

struct Broker {
    runtime: Runtime,
    fake: FakeBroker,
}

impl Broker {
    fn started(partitions: i32) -> Self {
        let runtime = Runtime::new().unwrap();
        let fake = runtime.block_on(FakeBroker::start()).unwrap();
        fake.create_topic("stock", partitions);
        Self { runtime, fake }
    }

    fn publish(&self, partition: i32, messages: &[String]) {
        self.runtime.block_on(async {
            let kafka =
                krafka::Kafka::builder(self.fake.bootstrap_servers()).connect().await.unwrap();
            let producer = kafka.producer().build().await.unwrap();
            for message in messages {
                let record = Record::new("stock", message.clone()).partition(partition);
                let _at = producer.send(record).await.unwrap();
            }
            producer.close().await.unwrap();
        });
    }

    fn feed(&self, more: &str) -> String {
        let hosts = self.fake.bootstrap_servers();
        format!(
            "[[feed]]\nkind = \"kafka\"\nurl = \"kafka://{hosts}\"\nstream = \"stock\"\nsource = \"erp\"\n{more}\n"
        )
    }
}

#[test]
fn a_server_and_a_broker_that_are_killed_at_every_step_count_each_message_once() {
    let broker = Broker::started(2);
    let mut fed = Fed::started(&broker.feed(""));
    let mut n = 0;
    for _ in 0..3 {
        broker.publish(0, &ones(3));
        broker.publish(1, &ones(2));
        n += 5;
        fed.has(n);
        fed.kill();
        broker.publish(0, &ones(2));
        n += 2;
        fed.up();
        fed.has(n);
        broker.fake.crash(0);
        broker.fake.restart(0);
        broker.publish(1, &ones(4));
        n += 4;
        fed.has(n);
    }
    let at = sources(fed.url());
    assert!(at.contains("stock/0:14") && at.contains("stock/1:17"), "{at}");
    // In the middle of many.
    broker.publish(0, &ones(700));
    fed.kill();
    fed.up();
    fed.has(n + 700);
}

#[test]
fn what_cannot_be_taken_in_is_a_dead_letter() {
    let broker = Broker::started(1);
    let one = &ones(1)[0];
    broker.publish(0, &[one.clone(), "{no json".to_string(), one.clone()]);
    let fed =
        Fed::started(&broker.feed("on_refused = \"dead_letter\"\ndead_letters = \"dead.ndjson\""));
    fed.has(2);
    let letters = fs::read_to_string(fed.path("dead.ndjson")).unwrap();
    assert!(letters.contains("\"stock/0:1\"") && letters.lines().count() == 1, "{letters}");
}

#[test]
fn a_topic_that_is_another_one_is_not_read() {
    let broker = Broker::started(1);
    let mut fed = Fed::started(&broker.feed(""));
    broker.publish(0, &ones(3));
    fed.has(3);
    fed.kill();
    broker.fake.delete_topic("stock");
    broker.fake.create_topic("stock", 1);
    broker.publish(0, &ones(1));
    fed.up();
    fed.says("it is not the topic that it was");
    fed.has(3);
}

#[test]
fn who_may_not_waits_until_he_may() {
    let broker = Broker::started(1);
    broker.publish(0, &ones(2));
    broker.fake.require_sasl_plain("me", "word");
    let login = "user = \"me\"\npassword_file = \"word\"\nmechanism = \"plain\"";
    let mut fed = Fed::new(&broker.feed(login));
    fs::write(fed.path("word"), "wrong\n").unwrap();
    fed.up();
    fed.says("a feed is interrupted");
    fs::write(fed.path("word"), "word\n").unwrap();
    fed.has(2);
}
