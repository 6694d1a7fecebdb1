package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/couplet-k8s/couplet/compiler/value"
)

var leases = Resource{Group: "coordination.k8s.io", Version: "v1", Kind: "Lease", Name: "leases", Namespaced: true}

// A lease is held for leaseDuration after each renewal. Who finds one that has not been
// renewed for that long may take it over, so clocks should not differ by more than that.
const (
	leaseDuration = 60 * time.Second
	leaseRenewal  = leaseDuration / 6
)

// microTime is the form of metav1.MicroTime.
const microTime = "2006-01-02T15:04:05.000000Z07:00"

// HeldError says that somebody else works on the environment.
type HeldError struct {
	Holder string
	Since  time.Time
	Until  time.Time
}

// Error implements error.
func (e *HeldError) Error() string {
	return fmt.Sprintf("%s has been changing this environment since %s", e.Holder, e.Since.Local().Format(time.TimeOnly))
}

// ErrLeaseLost ends what is done under a lease that somebody else has taken.
var ErrLeaseLost = errors.New("the lease on the environment was lost: somebody else has taken it, or it could not be renewed in time")

// Lease keeps two runs from changing one environment at once.
type Lease struct {
	server Server
	home   Home
	holder string

	stop context.CancelFunc
	done sync.WaitGroup
}

// Acquire takes the lease, and renews it until it is released. The context that it gives
// ends when the lease is lost. Where another holds it, the error is a *HeldError.
func Acquire(ctx context.Context, s Server, home Home, holder string) (context.Context, *Lease, error) {
	l := &Lease{server: s, home: home, holder: holder}
	current, err := l.take(ctx)
	if err != nil {
		if ctx.Err() != nil { // it may have been taken by a request whose answer nobody waited for
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
			defer cancel()
			err = errors.Join(err, l.giveBack(last))
		}
		return nil, nil, err
	}
	held, lost := context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(ctx)
	l.stop = stop
	l.done.Add(1)
	go func() {
		defer l.done.Done()
		l.renew(renewing, current, lost)
	}()
	return held, l, nil
}

// take creates the lease, or takes over one that nobody holds any more.
func (l *Lease) take(ctx context.Context) (value.Value, error) {
	now := time.Now()
	created, err := l.server.Create(ctx, leases, l.object(now, now, ""))
	if !IsExists(err) {
		return created, l.explain(err)
	}
	for {
		there, err := l.server.Get(ctx, leases, l.home.Namespace, l.home.Name)
		if err != nil {
			return there, l.explain(err)
		}
		if heldBy(there) == l.holder { // the answer of our own request was lost
			return there, nil
		}
		if err := heldUntil(there, now); err != nil {
			return there, err
		}
		taken, err := l.server.Update(ctx, leases, l.object(now, now, there.Get("metadata", "resourceVersion").Str()))
		if !IsConflict(err) {
			return taken, l.explain(err)
		}
	}
}

func heldBy(lease value.Value) string { return lease.Get("spec", "holderIdentity").Str() }

// heldUntil tells who holds a lease, if anybody still does.
func heldUntil(lease value.Value, now time.Time) error {
	spec := lease.Get("spec")
	renewed, _ := time.Parse(microTime, spec.Get("renewTime").Str())
	since, _ := time.Parse(microTime, spec.Get("acquireTime").Str())
	until := renewed.Add(time.Duration(spec.Get("leaseDurationSeconds").Float()) * time.Second)
	if heldBy(lease) == "" || !now.Before(until) {
		return nil
	}
	return &HeldError{Holder: heldBy(lease), Since: since, Until: until}
}

func (l *Lease) explain(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the lease %s, which keeps two runs apart, cannot be had: %w", l.home, err)
}

func (l *Lease) renew(ctx context.Context, current value.Value, lost context.CancelCauseFunc) {
	acquired, _ := time.Parse(microTime, current.Get("spec", "acquireTime").Str())
	last := time.Now()
	for sleep(ctx, leaseRenewal) {
		limited, cancel := context.WithDeadline(ctx, last.Add(leaseDuration))
		next, err := l.server.Update(limited, leases, l.object(acquired, time.Now(), current.Get("metadata", "resourceVersion").Str()))
		if IsConflict(err) { // by our own request, if its answer was lost
			if next, err = l.server.Get(limited, leases, l.home.Namespace, l.home.Name); err == nil && heldBy(next) != l.holder {
				err = ErrLeaseLost
			}
		}
		cancel()
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			lost(fmt.Errorf("%w (%w)", ErrLeaseLost, err))
			return
		}
		current, last = next, time.Now()
	}
}

// Release gives the lease up: the object goes, so that an environment that is deleted leaves
// nothing behind.
func (l *Lease) Release(ctx context.Context) error {
	l.stop()
	l.done.Wait()
	return l.giveBack(ctx)
}

// giveBack deletes the lease if it is ours.
func (l *Lease) giveBack(ctx context.Context) error {
	there, err := l.server.Get(ctx, leases, l.home.Namespace, l.home.Name)
	if IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if heldBy(there) != l.holder {
		return nil
	}
	metadata := there.Get("metadata")
	_, err = l.server.Delete(ctx, leases, l.home.Namespace, l.home.Name, DeleteOptions{
		UID: metadata.Get("uid").Str(), ResourceVersion: metadata.Get("resourceVersion").Str(),
	})
	return err
}

func (l *Lease) object(acquired, renewed time.Time, version string) value.Value {
	metadata := value.Object(
		value.Field{Name: "name", Value: value.String(l.home.Name)}, value.Field{Name: "namespace", Value: value.String(l.home.Namespace)},
		value.Field{Name: "labels", Value: stringMap(map[string]string{"app.kubernetes.io/managed-by": "couplet"})},
	)
	if version != "" {
		metadata = metadata.With("resourceVersion", value.String(version))
	}
	return value.Object(
		value.Field{Name: "apiVersion", Value: value.String(leases.APIVersion())},
		value.Field{Name: "kind", Value: value.String(leases.Kind)},
		value.Field{Name: "metadata", Value: metadata},
		value.Field{Name: "spec", Value: value.Object(
			value.Field{Name: "holderIdentity", Value: value.String(l.holder)},
			value.Field{Name: "leaseDurationSeconds", Value: value.Number(leaseDuration.Seconds())},
			value.Field{Name: "acquireTime", Value: value.String(acquired.UTC().Format(microTime))},
			value.Field{Name: "renewTime", Value: value.String(renewed.UTC().Format(microTime))},
		)},
	)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
