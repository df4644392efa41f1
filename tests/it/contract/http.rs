//! A small HTTP client that can also say what a well-behaved one wouldn't.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take before it counts as none.
const PATIENCE: Duration = Duration::from_secs(15);

/// Something to ask.
#[derive(Clone)]
pub struct Request {
    pub method: String,
    pub target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    chunked: bool,
    note: String,
}

impl Request {
    /// Asks for a path and query, without a body.
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            chunked: false,
            note: String::new(),
        }
    }

    /// Asks for a path and query with `GET`.
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// Asks with a JSON body.
    pub fn json(method: &str, target: &str, body: &Value) -> Self {
        Self::new(method, target).typed("application/json", body.to_string())
    }

    /// Adds a body and says what it is.
    pub fn typed(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.header("content-type", content_type).body(body)
    }

    /// Adds a body without saying what it is.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Adds a header; `host` takes the place of the usual one.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends the body in chunks, without its length.
    pub fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    /// Says for the report what is particular about it: `with text/plain`.
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Gives a header that it carries.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        find(&self.headers, name).next()
    }

    /// Tells whether a text stands anywhere in it.
    pub fn mentions(&self, text: &str) -> bool {
        self.target.contains(text)
            || self.headers.iter().any(|(_, value)| value.contains(text))
            || String::from_utf8_lossy(&self.body).contains(text)
    }

    /// Gives the head as it goes over the wire.
    pub fn head(&self, host: &str) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let mut line = |name: &str, value: &str| {
            head.push_str(name);
            head.push_str(": ");
            head.push_str(value);
            head.push_str("\r\n");
        };
        line("host", self.header_value("host").unwrap_or(host));
        line("connection", "close");
        for (name, value) in self.headers.iter().filter(|(name, _)| name != "host") {
            line(name, value);
        }
        if self.chunked {
            line("transfer-encoding", "chunked");
        } else if !self.body.is_empty() || matches!(self.method.as_str(), "POST" | "PUT") {
            line("content-length", &self.body.len().to_string());
        }
        head + "\r\n"
    }

    fn wire(&self, host: &str) -> Vec<u8> {
        let mut wire = self.head(host).into_bytes();
        if self.chunked {
            for chunk in self.body.chunks(64 * 1024) {
                wire.extend(format!("{:x}\r\n", chunk.len()).bytes());
                wire.extend(chunk);
                wire.extend(b"\r\n");
            }
            wire.extend(b"0\r\n\r\n");
        } else {
            wire.extend(&self.body);
        }
        wire
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Self {
            method,
            target,
            note,
            ..
        } = self;
        write!(formatter, "{method} {target}")?;
        if note.is_empty() {
            Ok(())
        } else {
            write!(formatter, " {note}")
        }
    }
}

/// What came back. Status 0 stands for no answer at all.
#[derive(Default)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Gives the first header of a name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Gives all headers of a name.
    pub fn all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        find(&self.headers, name)
    }

    /// Gives the content type, without parameters and in small letters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next()?.trim().to_ascii_lowercase())
    }

    /// Gives the values of a header that lists them with commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let parts = self.all(name).flat_map(|value| value.split(','));
        parts
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// Reads the body as JSON; what isn't is `null`.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Reads the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Takes apart what came over the wire, after any interim answers.
    pub fn parse(wire: &[u8]) -> Option<Self> {
        let end = wire.windows(4).position(|window| window == b"\r\n\r\n")?;
        let (head, rest) = (std::str::from_utf8(&wire[..end]).ok()?, &wire[end + 4..]);
        let mut lines = head.split("\r\n");
        let status = lines
            .next()?
            .strip_prefix("HTTP/1.")?
            .split(' ')
            .nth(1)?
            .parse()
            .ok()?;
        if (100..200).contains(&status) {
            return Self::parse(rest);
        }
        let headers = lines
            .map(|line| line.split_once(':'))
            .map(|line| {
                line.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            })
            .collect::<Option<Vec<_>>>()?;
        let mut answer = Self {
            status,
            headers,
            body: rest.to_vec(),
        };
        if answer
            .header("transfer-encoding")
            .is_some_and(|coding| coding == "chunked")
        {
            answer.body = joined(rest)?;
        }
        Some(answer)
    }
}

fn find<'a, 'n>(
    headers: &'a [(String, String)],
    name: &'n str,
) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
    headers
        .iter()
        .filter(move |header| header.0 == name)
        .map(|header| header.1.as_str())
}

/// Joins the chunks of a body.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        body.extend(rest.get(end + 2..end + 2 + size)?);
        rest = rest.get(end + 2 + size + 2..)?;
        if size == 0 {
            return Some(body);
        }
    }
}

/// Asks one service, with a connection for each request.
#[derive(Clone)]
pub struct Client {
    address: String,
    host: String,
}

impl Client {
    /// Prepares to ask a service under one of its names.
    pub fn new(base: &str, host: &str) -> Self {
        let address = base
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned();
        let port = address.rsplit(':').next().unwrap_or_default();
        Self {
            host: format!("{host}:{port}"),
            address,
        }
    }

    /// Gives what is sent as `Host`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Opens a connection.
    pub fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Asks, and reads the answer to its end.
    pub fn send(&self, request: &Request) -> Result<Answer, String> {
        let (mut stream, mut writer) = self
            .connect()
            .and_then(|stream| Ok((stream.try_clone()?, stream)))
            .map_err(|error| format!("no connection ({error})"))?;
        let wire = request.wire(&self.host);
        // The answer to a body that is too large comes before all of it was sent.
        std::thread::scope(|scope| {
            scope.spawn(move || writer.write_all(&wire));
            read(&mut stream)
        })
    }
}

/// Reads an answer to the end of its connection.
pub fn read(stream: &mut TcpStream) -> Result<Answer, String> {
    let mut wire = Vec::new();
    let end = stream.read_to_end(&mut wire);
    let answer = Answer::parse(&wire).ok_or_else(|| match end {
        Err(error) => format!("no answer ({error})"),
        Ok(_) => format!("no answer but {:?}", String::from_utf8_lossy(&wire)),
    })?;
    let length = answer
        .header("content-length")
        .and_then(|length| length.parse().ok());
    match length {
        Some(length) if answer.body.len() > length => Err("a body longer than its length".into()),
        _ => Ok(answer),
    }
}
