package main

import (
	"encoding/json"
	"path/filepath"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kfilesys "sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/fluxcd/pkg/kustomize"
	"github.com/fluxcd/pkg/kustomize/filesys"
)

type generated struct {
	File   string `json:"file"`
	Action string `json:"action"`
	Text   string `json:"text"`
}

// generate shows the kustomization file that Flux builds at a path: generated, or merged with the
// fields of the Flux Kustomization.
func generate(line json.RawMessage) (any, error) {
	var ask request
	if err := json.Unmarshal(line, &ask); err != nil {
		return nil, err
	}
	return generatedAt(ask)
}

func generatedAt(ask request) (generated, error) {
	owner := unstructured.Unstructured{Object: ask.Kustomization}
	manifest, file, action, err := kustomize.NewGenerator(ask.Root, owner).GenerateManifest(
		filepath.Join(ask.Root, ask.Path))
	return generated{file, string(action), string(manifest)}, err
}

// overlaid is a file system with one file as it would be after Flux has written it. (Flux's own
// file system in memory refuses folders with a plus sign in their names.)
type overlaid struct {
	kfilesys.FileSystem
	file generated
}

func (fs overlaid) Exists(path string) bool {
	return path == fs.file.File || fs.FileSystem.Exists(path)
}

func (fs overlaid) ReadFile(path string) ([]byte, error) {
	if path == fs.file.File {
		return []byte(fs.file.Text), nil
	}
	return fs.FileSystem.ReadFile(path)
}

// build is the way of a Kustomization from the files of its artifact to the objects to apply. The
// files are not changed: what Flux would write stays in memory.
func build(line json.RawMessage) (any, error) {
	var ask request
	if err := json.Unmarshal(line, &ask); err != nil {
		return nil, err
	}
	file, err := generatedAt(ask)
	if err != nil {
		return nil, err
	}
	disk, err := filesys.MakeFsOnDiskSecure(ask.Root)
	if err != nil {
		return nil, err
	}
	all, err := kustomize.Build(overlaid{disk, file}, filepath.Join(ask.Root, ask.Path))
	if err != nil {
		return nil, err
	}
	return finish(ask, all)
}
