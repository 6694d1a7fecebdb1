package build

import (
	"errors"
	"fmt"
	"path/filepath"
)

// Release pins the source of one Kubernetes minor.
type Release struct {
	// Minor is the version as users write it, such as 1.37.
	Minor string
	// Version and Sum name the module k8s.io/kubernetes and its content, as go.sum would.
	Version, Sum string
}

// Releases are the minors in the container, oldest first.
var Releases = []Release{
	{Minor: "1.30", Version: "v1.30.14", Sum: "h1:MrlKXh9uhLIJpyxOeXhcndzRVSvwiV9iJ8NgH8nqPsg="},
	{Minor: "1.31", Version: "v1.31.14", Sum: "h1:UtjLfqvXLuSVDdJ4+NpQCIfFkKkLnAAVmxAEMsnkhjk="},
	{Minor: "1.32", Version: "v1.32.13", Sum: "h1:5TGYdZ6YZqdp6h/Rp1vX/4TIoybMPdgv97LCZCtPuNQ="},
	{Minor: "1.33", Version: "v1.33.13", Sum: "h1:bmH31xUdSzeA5vk0wZAK9MZp11mdLuzUSeKk0qN3hPQ="},
	{Minor: "1.34", Version: "v1.34.4", Sum: "h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk="},
	{Minor: "1.35", Version: "v1.35.4", Sum: "h1:o/8dBC/pHVpYoGV4OAIytAlNPZbdYVTXJHoYvXC4qzM="},
	{Minor: "1.36", Version: "v1.36.3", Sum: "h1:qDQdoMiluAE2Eab6Fa52YV+WjiGz9mZFFoagEA6cI+o="},
	{Minor: "1.37", Version: "v1.37.2", Sum: "h1:A2VDEiObzkYqFTKhSsn0ZEb0RlLEXpHWj93gi2HqEwE="},
}

// Files are the generated files by name.
type Files map[string][]byte

// The names of the generated files.
const (
	ContainerFile    = "kubernetes.bin"
	DescriptionsFile = "descriptions.bin"
)

// Generate downloads the pinned modules, where the module cache lacks them, and
// makes the files.
func Generate() (Files, error) {
	var minors []*minor
	fits := map[string]bool{}
	for _, release := range Releases {
		dir, err := Download(release)
		if err != nil {
			return nil, err
		}
		m, err := read(release.Minor, dir)
		if err != nil {
			return nil, fmt.Errorf("reading Kubernetes %s: %w", release.Minor, err)
		}
		m.correct(fits)
		minors = append(minors, m)
	}
	if err := checkTables(fits); err != nil {
		return nil, err
	}
	descriptions, err := packDescriptions(minors)
	if err != nil {
		return nil, err
	}
	custom, err := customs()
	if err != nil {
		return nil, err
	}
	return Files{ContainerFile: pack(minors), DescriptionsFile: descriptions, CustomFile: custom}, nil
}

// ErrChanged is the error for a module whose content is not the pinned one.
var ErrChanged = errors.New("the module is not the pinned one")

// Download gives the folder of a release's module.
func Download(release Release) (string, error) {
	return download("k8s.io/kubernetes", release.Version, release.Sum)
}

// read makes the model of one minor from its module's folder.
func read(name, dir string) (*minor, error) {
	spec, err := readSwagger(filepath.Join(dir, "api", "openapi-spec", "swagger.json"))
	if err != nil {
		return nil, err
	}
	enums, err := readEnums(filepath.Join(dir, "pkg", "generated", "openapi", "zz_generated.openapi.go"))
	if err != nil {
		return nil, err
	}
	m := &minor{name: name, definitions: spec.Definitions}
	m.addEnums(enums)
	if m.kinds, err = spec.kinds(); err != nil {
		return nil, err
	}
	beta, err := betaResources(filepath.Join(dir, "pkg", "controlplane", "instance.go"))
	if err != nil {
		return nil, err
	}
	return m, m.markOff(beta)
}
