package programs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// The tests' own executable is the program that hands over, and the one that it hands over
// to: which of them is in this variable.
const part = "COUPLET_TEST_PART"

func TestMain(m *testing.M) {
	switch os.Getenv(part) {
	case "run", "hand over":
		hand := map[string]func(string, []string) (int, error){"run": Run, "hand over": HandOver}
		do := hand[os.Getenv(part)]
		_ = os.Setenv(part, "worker")
		code, err := do(os.Args[0], os.Args[1:])
		fmt.Println("back with", code, err)
		os.Exit(code)
	case "worker":
		worker()
	}
	os.Exit(m.Run())
}

// worker says what it is given, and waits for a signal if it is told to.
func worker() {
	in, _ := io.ReadAll(os.Stdin)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	fmt.Printf("%d %q %s\n", os.Getpid(), os.Args[1:], in)
	if len(os.Args) > 2 {
		fmt.Println(<-signals)
	}
	os.Exit(7)
}

// TestHandOver holds the process that becomes another and the process with a child against
// each other: arguments, input, output, signals and exit code are the same.
func TestHandOver(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a test cannot send a process a signal there")
	}
	for _, how := range []string{"run", "hand over"} {
		for _, args := range [][]string{{""}, {"a b", "wait"}} {
			cmd := exec.Command(os.Args[0], args...)
			cmd.Env = append(os.Environ(), part+"="+how)
			cmd.Stdin = strings.NewReader("input")
			pipe, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			out := bufio.NewReader(pipe)
			first, err := out.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if len(args) == 2 {
				want = "interrupt\n"
				_ = cmd.Process.Signal(syscall.SIGINT)
			}
			if how == "run" {
				want += "back with 7 <nil>\n"
			}
			rest, _ := io.ReadAll(out)
			_ = cmd.Wait()
			process, said, _ := strings.Cut(first, " ")
			same := process == strconv.Itoa(cmd.Process.Pid)
			if said != fmt.Sprintf("%q input\n", args) || string(rest) != want || cmd.ProcessState.ExitCode() != 7 || same != (how == "hand over") {
				t.Errorf("%s %q: exit code %d, same process %t:\n%s%s", how, args, cmd.ProcessState.ExitCode(), same, first, rest)
			}
		}
	}
	if _, err := Run(filepath.Join(t.TempDir(), "nothing"), nil); err == nil {
		t.Error("what is not there is started")
	}
}

// TestFind puts programs beside the executable and on PATH.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	name := "couplet-test-program"
	file := name
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	if got := Find(name); got != "" {
		t.Errorf("found %s, and there is none", got)
	}
	onPath, beside := filepath.Join(dir, file), filepath.Join(filepath.Dir(os.Args[0]), file)
	for _, path := range []string{onPath, beside} {
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
		if got := Find(name); got != path {
			t.Errorf("found %s, want %s", got, path)
		}
	}
	if err := os.Chmod(beside, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := Find(name); runtime.GOOS != "windows" && got != onPath {
		t.Errorf("found %s, and what is beside cannot be run", got)
	}
	if err := os.Remove(beside); err != nil {
		t.Fatal(err)
	}
}
