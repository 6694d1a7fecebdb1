package schema

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var versionForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^v([0-9]+)(?:(alpha|beta)([0-9]+))?$`) })

// compareAPIVersions orders apiVersions as Kubernetes ranks them: v2, v1, v2beta1,
// v1beta1, v1alpha1, then anything else; equal versions by their group.
func compareAPIVersions(a, b string) int {
	groupA, versionA := splitAPIVersion(a)
	groupB, versionB := splitAPIVersion(b)
	return cmp.Or(compareVersions(versionA, versionB), strings.Compare(groupA, groupB))
}

func compareVersions(a, b string) int {
	stageA, majorA, minorA := versionRank(a)
	stageB, majorB, minorB := versionRank(b)
	return cmp.Or(cmp.Compare(stageB, stageA), cmp.Compare(majorB, majorA), cmp.Compare(minorB, minorA), strings.Compare(a, b))
}

func versionRank(version string) (stage, major, minor int) {
	m := versionForm().FindStringSubmatch(version)
	if m == nil {
		return 0, 0, 0
	}
	major, _ = strconv.Atoi(m[1])
	minor, _ = strconv.Atoi(m[3])
	return map[string]int{"": 3, "beta": 2, "alpha": 1}[m[2]], major, minor
}
