package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler/diag"
	"github.com/couplet-k8s/couplet/compiler/object"
	"github.com/couplet-k8s/couplet/compiler/value"
)

type valueOf = value.Value

// PruneOptions limit what is deleted.
type PruneOptions struct {
	// Max is a number of objects, or a percentage of the inventory.
	Max string
	// Allow are the kind/name of what may be deleted although data or other objects go with it,
	// or an annotation keeps it.
	Allow []string
	// BackupDir is where copies of what is deleted go; "" is the default folder.
	BackupDir string
}

// defaultMaxPrune is the part of an inventory that may go at once: a broken render must not
// take everything with it.
const defaultMaxPrune = "25%"

func (o *PruneOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.Max, "max-prune", defaultMaxPrune, "delete at most this `NUMBER` of objects, or percentage of the inventory")
	bindAllow(cmd, &o.Allow)
	f.StringVar(&o.BackupDir, "backup-dir", "", "write the backup of what is deleted into `DIR`")
	_ = cmd.MarkFlagDirname("backup-dir")
}

func bindAllow(cmd *cobra.Command, allow *[]string) {
	cmd.Flags().StringArrayVar(allow, "prune-allow", nil, "allow the deletion of `KIND/NAME`, a Namespace, CustomResourceDefinition, PersistentVolume or PersistentVolumeClaim, or what an annotation keeps; may be given several times")
}

func (o *PruneOptions) check() error {
	_, err := o.limit(1)
	return err
}

// limit is how many objects of an inventory of n may be deleted: a part is rounded up.
func (o *PruneOptions) limit(n int) (int, error) {
	text, percent := strings.CutSuffix(o.Max, "%")
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || percent && number > 100 {
		return 0, usagef("--max-prune takes a number or a percentage such as 25%%, not %q", o.Max)
	}
	if percent {
		return (n*number + 99) / 100, nil
	}
	return number, nil
}

// allowKept has objects deleted that only an annotation keeps, where they are named.
func (pl *planned) allowKept(o PruneOptions) {
	for i, d := range pl.plan.Deletions {
		if d.Annotated && o.allows(d.Entry.Identity()) {
			pl.plan.Deletions[i].Allow()
		}
	}
}

// allowReplacements makes sure that nothing is deleted and made again with which data or other
// objects go, or that an annotation keeps, unless its name is given.
func (pl *planned) allowReplacements(o PruneOptions, yes bool) error {
	for _, a := range pl.plan.Actions {
		if id := a.Object.Identity(); a.Deletes() && a.IsProtected() && !o.allows(id) && !pl.typed(id, yes) {
			return pl.pruneRefused(
				fmt.Sprintf("%s would be deleted and made again, and data or other objects go with it, or an annotation keeps it", id),
				fmt.Sprintf("if that is what is meant: --prune-allow %s/%s", strings.ToLower(id.Kind), id.Name))
		}
	}
	return nil
}

// allowDeletions makes sure that no more goes than may go.
func (pl *planned) allowDeletions(o PruneOptions, yes bool, inventory int) error {
	pl.askAboutKept(yes)
	doomed := slices.DeleteFunc(slices.Clone(pl.plan.Deletions), func(d cluster.Deletion) bool { return !d.IsDoomed() })
	limit, err := o.limit(inventory)
	if err != nil {
		return err
	}
	if len(doomed) > limit {
		return pl.pruneRefused(
			fmt.Sprintf("%s of %d in the inventory would be deleted, and --max-prune allows %d", plural(len(doomed), "object"), inventory, limit),
			fmt.Sprintf("if that is what is meant: --max-prune %d", len(doomed)))
	}
	for _, d := range pl.plan.Deletions {
		if d.Unread == nil {
			continue
		}
		hint := "run the command again when it does"
		if cluster.IsForbidden(d.Unread) {
			hint = fmt.Sprintf("`couplet rbac %s --prune`, of a source that has the object, prints the rights", pl.env.Name)
		}
		return pl.pruneRefused(fmt.Sprintf("%s is to be deleted, but %s", d.Entry.Identity(), d.Kept), hint)
	}
	for _, d := range doomed {
		if id := d.Entry.Identity(); d.Protected && !o.allows(id) && !pl.typed(id, yes) {
			return pl.pruneRefused(
				fmt.Sprintf("%s would be deleted, and data or other objects go with it", id),
				fmt.Sprintf("if that is what is meant: --prune-allow %s/%s; the annotation %s: keep on it keeps it for good", strings.ToLower(id.Kind), id.Name, cluster.AnnotationPrune))
		}
	}
	return nil
}

// askAboutKept has the names typed of what an annotation keeps; who types another keeps it.
func (pl *planned) askAboutKept(yes bool) {
	p := pl.process
	if yes || !p.InTerminal {
		return
	}
	for i, d := range pl.plan.Deletions {
		if id := d.Entry.Identity(); d.Annotated && p.prompt(fmt.Sprintf("%s is kept: %s. Type its name to delete it after all, or nothing: ", id, d.Kept)) == id.Name {
			pl.plan.Deletions[i].Allow()
		}
	}
}

func (o *PruneOptions) allows(id object.Identity) bool {
	return slices.ContainsFunc(o.Allow, func(text string) bool { return strings.EqualFold(text, id.Kind+"/"+id.Name) })
}

// typed has the name of an object typed.
func (pl *planned) typed(id object.Identity, yes bool) bool {
	p := pl.process
	if yes || !p.InTerminal {
		return false
	}
	return p.prompt(fmt.Sprintf("%s goes with all that is in it. Type its name to delete it: ", id)) == id.Name
}

func (pl *planned) pruneRefused(message, hint string) error {
	return diag.List{{Code: diag.PruneRefused, Environment: pl.env.Name, Message: message, Hint: hint}}
}

// backup writes copies of objects and gives the file's name.
func (pl *planned) backup(dir string, objects []value.Value) (string, error) {
	if dir == "" {
		dir = pl.process.backupDir()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	stamp := time.Now().UTC().Format("20060102T150405.000Z")
	name := filepath.Join(dir, fmt.Sprintf("%s-%s.yaml", strings.TrimPrefix(pl.store.Home.Name, "couplet."), stamp))
	_, err := replaceFile(linked(name), backupText(objects), secretMode)
	return name, err
}

// backupDir is where backups are unless something else is said: with what a user's programs
// keep between runs (XDG Base Directory Specification, $XDG_STATE_HOME).
func (p *Process) backupDir() string {
	state, _ := p.Getenv("XDG_STATE_HOME")
	if state == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "couplet-backups"
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "couplet", "backups")
}
