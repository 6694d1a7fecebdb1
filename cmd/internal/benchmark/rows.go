package main

import "strings"

// row is one program that all engines evaluate, with the same arguments.
type row struct {
	name string
	// dir is where it is run, below the corpora unless it is absolute.
	dir  string
	args []string
	// multi is set where each field of the value is written to a file, below folders
	// that must be there.
	multi   bool
	folders []string
	// real marks the programs in use, whose memory is held against the peers'.
	real bool
}

// hello is the row that measures an engine's start-up.
const hello = "startup {hello}"

// rows are the programs, in the order of the tables.
func rows() []row {
	const kubePrometheus = "-J ../../kube-prometheus/vendor "
	const loki = "-J ../../loki/production -J ../../loki/production/loki-mixin/vendor "
	all := []row{
		{name: "kube-prometheus -m", dir: "kube-prometheus", args: strings.Fields("-J vendor example.jsonnet"),
			multi: true, folders: []string{"setup"}, real: true},
		{name: hello, dir: "bench", args: []string{"hello.jsonnet"}},
		mixin("kubernetes-mixin-dashboards", kubePrometheus),
		mixin("thanos-mixin", kubePrometheus),
		mixin("node-mixin", kubePrometheus),
		mixin("loki-mixin", loki),
		{name: "ksonnet.beta.3 1 Deployment", dir: "ksonnet-lib", args: []string{"deployment-beta3.jsonnet"}},
		{name: "ksonnet.beta.4 1 Deployment", dir: "ksonnet-lib", args: []string{"deployment-beta4.jsonnet"}},
	}
	for _, s := range suites {
		all = append(all, s.rows()...)
	}
	return all
}

func mixin(name, searchPath string) row {
	return row{name: "real/" + name, dir: "bench/real", args: strings.Fields(searchPath + name + ".jsonnet"), real: true}
}

// suite is a folder of programs that need no arguments.
type suite struct{ folder, programs string }

// suites: cpp_* are google/jsonnet's perf_tests and benchmarks, go_builtin is
// go-jsonnet's builtin-benchmarks, sj_* is databricks/sjsonnet's bench/resources.
var suites = []suite{
	{"cpp_perf", "large_string_join large_string_template realistic1 realistic2"},
	{"cpp_bench", "bench.01 bench.02 bench.03 bench.04 bench.06 bench.07 bench.08 bench.09 big_object_generated gen_big_object"},
	{"go_builtin", "base64 base64Decode base64DecodeBytes base64_byte_array comparison comparison2 escapeStringJson foldl " +
		"lstripChars manifestJsonEx manifestTomlEx manifestYamlDoc member parseInt reverse rstripChars stripChars substr"},
	{"sj_jdk17", "hash repeat_format split_resolve"},
	{"sj_bug", "assertions deep_array_traversal"},
	{"sj_go_extra", "base64_stress findSubstr"},
	{"sj_suite", "array_copy_views json_import_merge json_import_object_fields_all_repeat json_import_object_fields_repeat " +
		"json_import_object_has lazy_array_comprehension lazy_array_reverse_sparse lazy_array_slice_remove " +
		"lazy_array_sparse_indexing range_sum_avg setDiff setInter setUnion split_limit_r_long_delim"},
}

func (s suite) rows() []row {
	var all []row
	for _, program := range strings.Fields(s.programs) {
		all = append(all, row{name: s.folder + "/" + program, dir: "bench/" + s.folder, args: []string{program + ".jsonnet"}})
	}
	return all
}
