//! The writer's thread: it sleeps until something happens, tells the writer, and does what he says.

use super::{
    durable::{Gone, Link},
    ending::{Ending, Stopped},
    writer::{Next, Writer, WriterEffect, WriterEvent},
};
use crossbeam::channel::{never, select};
use std::time::Duration;

/// How long a writer without room sleeps: as long as the journal's thread, which looks for some.
const NO_ROOM_SLEEP: Duration = Duration::from_secs(1);

impl Writer {
    /// The thread's whole life.
    pub(super) fn run(mut self, link: Link, mut ending: Ending) {
        // Where the journal has failed, its thread has told so.
        let _served = self.serve(&link);
        // The journal is closed before anybody hears of the end.
        self.refuse_rest();
        drop(self);
        link.close();
        ending.tell(Stopped::Asked);
    }

    fn serve(&mut self, link: &Link) -> Result<(), Gone> {
        loop {
            let event = self.wait(link)?;
            match self.on(event) {
                WriterEffect::Nothing => (),
                WriterEffect::HandOver(group) => link.hand_over(group)?,
                WriterEffect::Ended => return Ok(()),
            }
        }
    }

    /// Sleeps until something happens. What was done goes on its way before more is done.
    fn wait(&mut self, link: &Link) -> Result<WriterEvent, Gone> {
        if self.has_group() && link.free.try_recv().is_ok() {
            return Ok(WriterEvent::Free);
        }
        if self.is_ending {
            return self.wait_in_the_end(link);
        }
        if self.is_behind() {
            return Ok(WriterEvent::Due);
        }
        if self.is_full() && !self.is_idle() {
            // The journal is slower than we are: the queue fills, and callers are told so.
            return free(link);
        }
        // Where there is nothing for it to take the journal need not wake us.
        let never = never();
        let token = if self.is_idle() { &never } else { &link.free };
        let left = self.until_due();
        select! {
            recv(token) -> token => token.map(|()| WriterEvent::Free).map_err(|_| Gone),
            recv(self.queue) -> message => {
                Ok(message.map_or(WriterEvent::End, |message| WriterEvent::Next(Next::Message(message))))
            }
            recv(self.aside.back()) -> back => {
                self.aside.came();
                back.map(|back| WriterEvent::Next(Next::Back(back))).map_err(|_| Gone)
            }
            default(left) => Ok(WriterEvent::Due),
        }
    }

    /// The same where nothing new is taken: what is out comes back first, then all is handed over.
    fn wait_in_the_end(&mut self, link: &Link) -> Result<WriterEvent, Gone> {
        if self.is_unfinished() {
            return Ok(WriterEvent::Due);
        }
        if self.aside.is_out() {
            let back = self.aside.wait();
            return Ok(back.map_or(WriterEvent::Due, |back| WriterEvent::Next(Next::Back(back))));
        }
        if self.is_idle() { Ok(WriterEvent::Due) } else { free(link) }
    }

    /// How long until a hold is due.
    fn until_due(&self) -> Duration {
        if !self.standing.leads() {
            // Nothing ends here by itself.
            return NO_ROOM_SLEEP;
        }
        let left = self.time.until(self.live.ledger.next_due());
        // Where there is no room nothing ends; nor while nothing is to change.
        let is_still = self.live.room.is_full() || self.lane.holds_all();
        if is_still { left.max(NO_ROOM_SLEEP) } else { left }
    }
}

/// Waits until the journal takes a group.
fn free(link: &Link) -> Result<WriterEvent, Gone> {
    link.free.recv().map(|()| WriterEvent::Free).map_err(|_| Gone)
}
