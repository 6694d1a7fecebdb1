//go:build !linux

package testcluster

import "syscall"

func attributes(bool) *syscall.SysProcAttr { return nil }

func startTime(int) string { return "" }
