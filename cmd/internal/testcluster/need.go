package testcluster

import "testing"

// Need gives the programs to a test, which is skipped where they are not built, or tests
// are to be short.
func Need(t testing.TB) Servers {
	t.Helper()
	if testing.Short() {
		t.Skip("a cluster takes its time")
	}
	cache, err := Cache()
	if err != nil {
		t.Skip("there is no cache folder for a test cluster:", err)
	}
	s, ok := Built(cache)
	if !ok {
		t.Skip("the test cluster is not built: run `make servers`")
	}
	return s
}
