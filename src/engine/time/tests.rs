//! Engine time, by what the two clocks show (issue 18, item 1).

use super::*;

const HOUR: i64 = 3_600;

fn seconds(n: i64) -> i64 {
    n * 1_000_000
}

/// Follows the wall, if it is to be followed now.
fn follow(run: &mut Run, wall: i64, steady: SteadyTime) -> Option<Leap> {
    let leap = run.due_leap(wall, steady)?;
    run.leap(leap);
    Some(leap)
}

/// From a journal whose last stamp is second 1,000, or from an empty one; the wall and the steady clock are moved by
/// the rows: (the wall shows, the steady clock shows), and each says what engine time is and by how much it leapt.
fn check(last: Option<i64>, rows: &[(i64, i64, &str)]) {
    let last = last.map_or(i64::MIN, seconds);
    let (wall, steady, want) = rows[0];
    let moment = |second| SteadyTime::from_micros(seconds(second));
    let mut run = Run::start((seconds(wall), moment(steady)), seconds(HOUR), last, (7, 3));
    assert_eq!(said(&run, None), want, "at the start");
    for (wall, steady, want) in &rows[1..] {
        let before = run.now;
        let leap = follow(&mut run, seconds(*wall), moment(*steady));
        assert!(before <= run.now, "it never goes back");
        assert_eq!(said(&run, leap), *want, "wall {wall}, steady {steady}");
    }
}

fn said(run: &Run, leap: Option<Leap>) -> String {
    let at = run.now / 1_000_000;
    match leap {
        None => at.to_string(),
        Some(Leap { by, from_position: 0, .. }) => format!("{at} leapt {}", by / 1_000_000),
        Some(Leap { by, from_position, from_number }) => {
            format!("{at} leapt {} from {from_position}, P{from_number}", by / 1_000_000)
        }
    }
}

#[test]
fn it_runs_by_the_steady_clock_and_follows_the_wall_at_once_up_to_the_limit() {
    check(None, &[(50, 0, "50"), (60, 10, "60"), (100, 20, "100 leapt 30"), (110, 30, "110")]);
    check(None, &[(0, 0, "0"), (HOUR, 0, "3600 leapt 3600")]);
    // Less than a second is nobody's leap.
    let mut run = Run::start((0, SteadyTime::default()), seconds(HOUR), i64::MIN, (0, 0));
    assert_eq!(follow(&mut run, DRIFT - 1, SteadyTime::default()), None);
    assert_eq!(follow(&mut run, DRIFT, SteadyTime::default()).map(|leap| leap.by), Some(DRIFT));
}

#[test]
fn beyond_the_limit_it_follows_when_the_wall_has_stood_there_for_a_minute() {
    let far = 5 * HOUR;
    check(
        None,
        &[
            (0, 0, "0"),
            (far + 10, 10, "10"),
            (far + 69, 69, "69"),
            (far + 70, 70, "18070 leapt 18000"),
            (far + 71, 71, "18071"),
        ],
    );
    // A jump that is taken back leaves no trace.
    check(None, &[(0, 0, "0"), (far + 10, 10, "10"), (20, 20, "20"), (200, 200, "200")]);
    // One that goes on to somewhere else has to stand there.
    check(
        None,
        &[
            (0, 0, "0"),
            (far, 0, "0"),
            (2 * far + 50, 50, "50"),
            (2 * far + 100, 100, "100"),
            (2 * far + 110, 110, "36110 leapt 36000"),
        ],
    );
}

#[test]
fn while_it_is_ahead_it_runs_at_half_speed() {
    check(
        None,
        &[
            (100, 0, "100"),
            (0, 0, "100"),
            (20, 20, "110"),
            (100, 100, "150"),
            (200, 200, "200"),
            (210, 210, "210"),
        ],
    );
    // Looked at often, it is no slower.
    let mut run =
        Run::start((seconds(100), SteadyTime::default()), seconds(HOUR), i64::MIN, (0, 0));
    for micros in 1..=1_000_001 {
        run.go_on(0, SteadyTime::from_micros(micros));
    }
    assert_eq!(run.now, seconds(100) + 500_000);
}

#[test]
fn across_a_stop_it_runs_by_the_stamps() {
    check(Some(1_000), &[(1_500, 0, "1500"), (1_510, 10, "1510")]);
    check(Some(1_000), &[(900, 0, "1000"), (910, 10, "1005")]);
    // A gap of hours is followed after a minute; what was there before the stop does not move with it.
    let far = 1_000 + 9 * HOUR;
    check(
        Some(1_000),
        &[
            (far, 0, "1000"),
            (far + 59, 59, "1059"),
            (far + 60, 60, "33460 leapt 32400 from 7, P3"),
            (far + 160, 70, "33560 leapt 90"),
        ],
    );
}

#[test]
fn who_waits_looks_again_in_time() {
    let clock = Clock::new(|| Timestamp::UNIX_EPOCH, SteadyTime::default);
    let time = EngineTime::start(clock, seconds(HOUR), i64::MIN, (0, 0));
    assert_eq!(time.until(None), SLEEP_MAX);
    assert_eq!(time.until(Some(seconds(5))), Duration::from_secs(5));
    assert_eq!(time.until(Some(seconds(-5))), Duration::ZERO);
    let clock = Clock::new(|| Timestamp::UNIX_EPOCH, SteadyTime::default);
    let ahead = EngineTime::start(clock, seconds(HOUR), seconds(9), (0, 0));
    assert_eq!(ahead.until(Some(seconds(14))), Duration::from_secs(10), "at half speed");
    let clock = Clock::new(|| Timestamp::from_second(9 * HOUR).unwrap(), SteadyTime::default);
    let gap = EngineTime::start(clock, seconds(HOUR), 0, (0, 0));
    assert_eq!(gap.until(None), LOOK_EVERY);
}
