package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/couplet-k8s/couplet/cmd/internal/cluster"
	"github.com/couplet-k8s/couplet/compiler"
	"github.com/couplet-k8s/couplet/compiler/app"
	"github.com/couplet-k8s/couplet/compiler/diag"
)

// UndoOptions choose what undo does.
type UndoOptions struct {
	ConnectOptions
	JsonnetOptions
	ExecuteOptions
	Environment string
	// File is the backup; "" means the newest of the environment.
	File      string
	BackupDir string
	Force     []string
	Replace   bool
	Allow     []string
}

func newUndo(p *Process) *cobra.Command {
	var o UndoOptions
	cmd := &cobra.Command{
		Use:   "undo ENV [BACKUP]",
		Short: "Restore what a prune or delete has deleted",
		Long: `Make the objects of a backup again, of the last "apply --prune", "apply --replace" or
"delete" if none is named. They come back as they were, but for what a server gives each
object: UID, versions, status. They are in the inventory then; where the source does not
have them, the next --prune deletes them once more.

The data of volumes are not in a backup: they are restored by whoever keeps them.`,
		Example: `  couplet undo prod
  couplet undo prod backups/shop.prod-20261128T120000.000Z.yaml`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: p.completeEnvironments,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return usageError{message: "give an environment, and a backup if it is not the newest", hint: p.environmentsHint()}
			}
			o.Environment = args[0]
			if len(args) == 2 {
				o.File = args[1]
			}
			return runUndo(cmd.Context(), o, p)
		},
	}
	o.JsonnetOptions.bindBudgeted(cmd, p)
	o.ConnectOptions.bind(cmd, p)
	o.ExecuteOptions.bind(cmd, "wait until what was restored is ready")
	bindPlan(cmd, &o.Force, &o.Replace)
	bindAllow(cmd, &o.Allow)
	cmd.Flags().StringVar(&o.BackupDir, "backup-dir", "", "look for the newest backup in `DIR`")
	_ = cmd.MarkFlagDirname("backup-dir")
	return cmd
}

func runUndo(ctx context.Context, o UndoOptions, p *Process) error {
	pl, err := p.applied(ctx, o.Environment, o.ConnectOptions, o.JsonnetOptions)
	if err != nil {
		return err
	}
	file := o.File
	if file == "" {
		if file, err = pl.newestBackup(o.BackupDir); err != nil {
			return err
		}
	}
	files, rest, found := p.finder().Manifests([]string{file})
	if len(rest) > 0 {
		found.Add(diag.Diagnostic{Code: diag.NotFound, Message: fmt.Sprintf("there is no backup at `%s`", file), Hint: "a backup is a file of YAML"})
	}
	if err := found.Err(); err != nil {
		return err
	}
	b, found := compiler.Compile(ctx, p.Files, app.FromManifests(files, nil), compiler.Options{})
	if b == nil || found.HasErrors() {
		return found
	}
	fmt.Fprintf(p.Err, "restoring %s from %s\n", plural(len(b.Objects), "object"), file)
	pl, err = pl.planOf(ctx, b, b.Objects, cluster.PlanOptions{Force: o.Force, Replace: o.Replace, Partial: true})
	if err != nil {
		return err
	}
	return pl.carryOut(ctx, execution{ExecuteOptions: o.ExecuteOptions, PruneOptions: PruneOptions{Allow: o.Allow, BackupDir: o.BackupDir}})
}

// newestBackup finds the last backup of the environment: their names end with the time.
func (t *target) newestBackup(dir string) (string, error) {
	if dir == "" {
		dir = t.process.backupDir()
	}
	stem := strings.TrimPrefix(cluster.HomeOf(t.app, t.env.Name, t.namespace, "", nil).Name, "couplet.")
	found, err := filepath.Glob(filepath.Join(dir, stem+"-[0-9]*T*Z.yaml"))
	if err != nil || len(found) == 0 {
		return "", diag.List{{
			Code: diag.NotApplied, Environment: t.env.Name, Message: fmt.Sprintf("there is no backup of environment %s in %s", t.env.Name, dir),
			Hint: "name the file, or the folder with --backup-dir",
		}}
	}
	return slices.Max(found), nil
}
