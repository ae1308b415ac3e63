//! The binary: parse, run, exit code.

fn main() -> std::process::ExitCode {
    promised::cli::run()
}
