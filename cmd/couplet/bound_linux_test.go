package main

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// runBound runs a command that modes of files bind, even where the tests belong to root:
// the thread that starts it gives up CAP_DAC_OVERRIDE, which the command then cannot
// have, and ends with its goroutine. See capabilities(7).
func runBound(cmd *exec.Cmd) error {
	if os.Geteuid() != 0 {
		return cmd.Run()
	}
	const prCapBSetDrop, capDACOverride = 24, 1
	ended := make(chan error)
	go func() {
		runtime.LockOSThread()
		if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prCapBSetDrop, capDACOverride, 0); errno != 0 {
			ended <- os.NewSyscallError("prctl", errno)
			return
		}
		ended <- cmd.Run()
	}()
	return <-ended
}
