//! A server that is started, asked and stopped for a check of the process itself.

use std::io::Read;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::http::{Client, Request};

/// How long a server may take to answer, or to give up starting.
const START: Duration = Duration::from_secs(30);

/// How long a server may take to stop.
pub const STOP: Duration = Duration::from_secs(10);

/// The variables of the contract: none may come from whoever runs the tests.
const VARIABLES: [&str; 9] = [
    "ENVIRONMENT",
    "SECRET_KEY",
    "DATABASE_URL",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "HOST",
    "PORT",
    "CORS_ORIGINS",
    "ALLOWED_HOSTS",
];

/// A process that may listen, and what it prints.
pub struct Server {
    pub client: Client,
    pub base: String,
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

/// How a process ended.
pub struct End {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl End {
    /// Gives all that was printed.
    pub fn output(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

impl Server {
    /// Starts a process with variables, on a free port.
    pub fn spawn(mut command: Command, variables: &[(&str, &str)]) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let port = listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .port();
        drop(listener);
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let mut child = command
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let base = format!("http://127.0.0.1:{port}");
        Ok(Self {
            client: Client::new(&base, "127.0.0.1"),
            base,
            stdout: child.stdout.take().map(collect),
            stderr: child.stderr.take().map(collect),
            child,
        })
    }

    /// Starts a process with variables, and waits until it answers.
    pub fn start(command: Command, variables: &[(&str, &str)]) -> Result<Self, String> {
        let mut server = Self::spawn(command, variables)?;
        let alive = |server: &mut Self| {
            let answer = server.client.send(&Request::get("/health/live"));
            answer.is_ok_and(|answer| answer.status == 200)
        };
        match server.until(START, alive) {
            Some(()) => Ok(server),
            None => match server.end(Duration::ZERO) {
                Some(end) => Err(format!(
                    "it ended before it answered: {}",
                    end.output().trim()
                )),
                None => Err(format!("it didn't answer within {START:?}")),
            },
        }
    }

    /// Waits for the end of a process that should give up before it listens.
    pub fn refusal(mut self) -> Result<End, String> {
        let client = self.client.clone();
        if self.until(START, |_| client.connect().is_ok()).is_some() {
            return Err("it listens".to_owned());
        }
        self.end(Duration::ZERO)
            .ok_or_else(|| format!("it still runs after {START:?}"))
    }

    /// Asks the process to stop, as an orchestrator does.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        // A process that is gone already has an exit code that tells.
        let _ = Command::new("kill")
            .args(["-TERM", &pid])
            .stderr(Stdio::null())
            .status();
    }

    /// Waits until something holds, the process has ended, or the time is over.
    pub fn until(
        &mut self,
        time: Duration,
        mut holds: impl FnMut(&mut Self) -> bool,
    ) -> Option<()> {
        let begun = Instant::now();
        while begun.elapsed() < time {
            if holds(self) {
                return Some(());
            }
            if self.ended() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }

    fn ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for the end, and gives nothing if it doesn't come in time.
    pub fn end(&mut self, time: Duration) -> Option<End> {
        self.until(time, Self::ended);
        let status = self.child.try_wait().ok().flatten()?;
        let text = |handle: Option<JoinHandle<String>>| {
            handle
                .and_then(|handle| handle.join().ok())
                .unwrap_or_default()
        };
        let (stdout, stderr) = (text(self.stdout.take()), text(self.stderr.take()));
        Some(End {
            status,
            stdout,
            stderr,
        })
    }
}

impl Drop for Server {
    /// Ends it with whatever it started.
    fn drop(&mut self) {
        if !self.ended() {
            let group = format!("-{}", self.child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            let _ = self.child.wait();
        }
    }
}

/// Reads all that a process prints, so that it never waits for us.
fn collect(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
