// Package promisedtest starts a real server for tests, on a free port.
package promisedtest

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	promised "promised.local/clients/go"
)

var serving = regexp.MustCompile(`^serving \S+ on (\S+:\d+)`)

// Server is a process that serves a snapshot; it ends with the test.
type Server struct {
	Address string
	t       testing.TB
	command []string
	process *exec.Cmd
}

// Start serves a snapshot on a free port with a journal of its own. The binary is PROMISED_BIN, else promised on the
// PATH; without one the test is skipped.
func Start(t testing.TB, snapshot string, arguments ...string) *Server {
	t.Helper()
	binary := os.Getenv("PROMISED_BIN")
	if binary == "" {
		binary, _ = exec.LookPath("promised")
	}
	if binary == "" {
		t.Skip("no promised: name the binary in PROMISED_BIN, or put it on the PATH")
	}
	command := append([]string{binary, "serve", snapshot, "--data", filepath.Join(t.TempDir(), "data")}, arguments...)
	server := &Server{Address: "127.0.0.1:0", t: t, command: command}
	server.Start()
	t.Cleanup(server.Kill)
	return server
}

// Client is a client of it, closed with the test.
func (s *Server) Client() *promised.Client {
	s.t.Helper()
	client, err := promised.Dial(s.Address, promised.Config{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { client.Close() })
	return client
}

// Kill ends it at once, as a crash would.
func (s *Server) Kill() {
	s.process.Process.Kill()
	s.process.Wait()
}

// Start starts it again on its data and port.
func (s *Server) Start() {
	s.t.Helper()
	s.process = exec.Command(s.command[0], append(s.command[1:], "--listen", s.Address)...)
	output, err := s.process.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	s.process.Stderr = os.Stderr
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if found := serving.FindStringSubmatch(line); found != nil {
			s.Address = found[1]
			// What it says later must not fill the pipe.
			go io.Copy(io.Discard, lines)
			return
		}
		if err != nil {
			s.t.Fatalf("the server ended: %v", err)
		}
	}
}
