//! The command line: what is asked, one file per subcommand. It reads the environment and the clock, prints, and decides
//! the exit code: 0 all right, 1 something was found or failed, 2 it could not be tried.

mod alerts;
mod alerts_history;
mod backtest;
mod backtest_json;
mod backtest_settings;
mod backtest_text;
mod check;
mod demo;
mod doctor;
mod functions;
mod import;
mod init;
mod kpi;
mod kpi_answer;
mod kpi_explained;
mod kpi_json;
mod parameter_values;
mod preview;
mod report;
mod runs;
mod runs_export;
mod runs_resend;
mod schedule;
mod schema;
mod serve;
mod session;
mod silence;
mod stretch;
mod suppressions;
mod table;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use session::Session;

/// Turns a call centre's database into reports that directors read and alerts that people act on.
#[derive(Debug, Parser)]
#[command(name = "callbrief", version, max_term_width = 100)]
struct Arguments {
    /// The workspace's folder
    #[arg(long, short = 'w', global = true, default_value = ".", value_name = "DIR")]
    workspace: PathBuf,
    /// Work as if it were this instant, such as 2026-11-23T08:00:00Z
    #[arg(long, global = true, value_name = "INSTANT")]
    now: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a workspace with a generated call centre, its weekly report and mail
    Demo(demo::DemoArguments),
    /// Write the shipped workspace into a folder, to begin an own one with
    Init(init::InitArguments),
    /// Bring a CSV or TSV file into a SQLite database
    Import(import::ImportArguments),
    /// Find every mistake in the workspace's files
    Check(check::CheckArguments),
    /// Compute KPIs
    Kpi(kpi::KpiArguments),
    /// Make a report, and send it
    Report(report::ReportArguments),
    /// Show a report in the browser and make it anew on every change of its files
    Preview(preview::PreviewArguments),
    /// Run schedules and deliver mail until stopped
    Serve,
    /// Look whether everything the service needs is there, and say what to do where it is not
    Doctor(doctor::DoctorArguments),
    /// Show when reports run next
    Schedule(schedule::ScheduleArguments),
    /// Show what ran, what was sent to whom, what failed and why; send it again
    Runs(runs::RunsArguments),
    /// Show where each alert stands, since when and why
    Alerts(alerts::AlertsArguments),
    /// Ask for quiet about some alerts for a while
    Silence(silence::SilenceArguments),
    /// Show the addresses that get nothing any more, and why; add one, or remove one
    Suppressions(suppressions::SuppressionsArguments),
    /// Try rules on made-up rows: KPIs' values, alerts' states, notices
    Test(test::TestArguments),
    /// Try an alert rule on the past: when it would have fired, for how long, how often in vain
    Backtest(backtest::BacktestArguments),
    /// Show what formulas can call
    Functions(functions::FunctionsArguments),
    /// Write JSON Schemas of the workspace's files, with which editors complete and check them
    Schema(schema::SchemaArguments),
}

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// All right.
    Fine,
    /// It ran and found or met something wrong.
    Found,
}

/// Runs the command line and gives the process's exit code.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let result = Session::new(arguments.workspace, arguments.now.as_deref()).and_then(|session| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(dispatch(arguments.command, &session))
    });
    match result {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::Found) => ExitCode::from(1),
        // Whoever reads the output has closed it, as `head` does; that is no error.
        Err(error) if session::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            session::complain(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

async fn dispatch(command: Command, session: &Session) -> anyhow::Result<Verdict> {
    match command {
        Command::Demo(arguments) => demo::run(session, &arguments).await,
        Command::Init(arguments) => init::run(&arguments),
        Command::Import(arguments) => import::run(session, &arguments).await,
        Command::Check(arguments) => check::run(session, &arguments).await,
        Command::Kpi(arguments) => kpi::run(session, &arguments).await,
        Command::Report(arguments) => report::run(session, &arguments).await,
        Command::Preview(arguments) => preview::run(session, &arguments).await,
        Command::Serve => serve::run(session).await,
        Command::Doctor(arguments) => doctor::run(session, &arguments).await,
        Command::Schedule(arguments) => schedule::run(session, &arguments),
        Command::Runs(arguments) => runs::run(session, &arguments).await,
        Command::Alerts(arguments) => alerts::run(session, &arguments).await,
        Command::Silence(arguments) => silence::run(session, arguments).await,
        Command::Suppressions(arguments) => suppressions::run(session, arguments).await,
        Command::Test(arguments) => test::run(session, &arguments).await,
        Command::Backtest(arguments) => backtest::run(session, &arguments).await,
        Command::Functions(arguments) => functions::run(&arguments),
        Command::Schema(arguments) => schema::run(session, &arguments),
    }
}
