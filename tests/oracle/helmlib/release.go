package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	v1 "helm.sh/helm/v4/pkg/release/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/builtins"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

type metadata struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

type ask struct {
	Chart        string            `json:"chart"`
	ChartVersion string            `json:"chart_version"`
	Name         string            `json:"name"`
	Namespace    string            `json:"namespace"`
	Values       map[string]any    `json:"values"`
	KubeVersion  string            `json:"kube_version"`
	APIVersions  []string          `json:"api_versions"`
	Kustomize    []json.RawMessage `json:"kustomize"`
	Metadata     []metadata        `json:"metadata"`
	Strategy     string            `json:"strategy"`
}

// Run is Helm's interface for post-renderers: kustomizations first, then labels and annotations.
func (a ask) Run(manifests *bytes.Buffer) (*bytes.Buffer, error) {
	var err error
	for _, kustomization := range a.Kustomize {
		if manifests, err = kustomized(manifests, kustomization); err != nil {
			return nil, err
		}
	}
	for _, each := range a.Metadata {
		if manifests, err = marked(manifests, each); err != nil {
			return nil, err
		}
	}
	return manifests, nil
}

func kustomized(manifests *bytes.Buffer, kustomization json.RawMessage) (*bytes.Buffer, error) {
	files := filesys.MakeFsInMemory()
	if err := files.WriteFile("input.yaml", manifests.Bytes()); err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(kustomization, &fields); err != nil {
		return nil, err
	}
	fields["resources"] = []string{"input.yaml"}
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	if err := files.WriteFile("kustomization.yaml", text); err != nil {
		return nil, err
	}
	options := &krusty.Options{
		LoadRestrictions: types.LoadRestrictionsNone,
		PluginConfig:     types.DisabledPluginConfig(),
	}
	built, err := krusty.MakeKustomizer(options).Run(files, ".")
	if err != nil {
		return nil, err
	}
	return written(built)
}

func marked(manifests *bytes.Buffer, with metadata) (*bytes.Buffer, error) {
	factory := resmap.NewFactory(provider.NewDefaultDepProvider().GetResourceFactory())
	resources, err := factory.NewResMapFromBytes(manifests.Bytes())
	if err != nil {
		return nil, err
	}
	labels := builtins.LabelTransformerPlugin{Labels: with.Labels, FieldSpecs: at("metadata/labels")}
	if err := labels.Transform(resources); err != nil {
		return nil, err
	}
	annotations := builtins.AnnotationsTransformerPlugin{
		Annotations: with.Annotations, FieldSpecs: at("metadata/annotations"),
	}
	if err := annotations.Transform(resources); err != nil {
		return nil, err
	}
	return written(resources)
}

func at(path string) []types.FieldSpec {
	return []types.FieldSpec{{Path: path, CreateIfNotPresent: true}}
}

func written(resources resmap.ResMap) (*bytes.Buffer, error) {
	text, err := resources.AsYaml()
	return bytes.NewBuffer(text), err
}

// release renders a chart as its first installation and gives its objects and its hooks, in order.
func release(request json.RawMessage) (any, error) {
	var asked ask
	if err := json.Unmarshal(request, &asked); err != nil {
		return nil, err
	}
	chart, err := loader.Load(asked.Chart)
	if err != nil {
		return nil, err
	}
	if asked.ChartVersion != "" {
		chart.Metadata.Version = asked.ChartVersion
	}
	install := action.NewInstall(action.NewConfiguration())
	install.DryRunStrategy = action.DryRunClient
	install.ReleaseName, install.Namespace = asked.Name, asked.Namespace
	install.SkipCRDs = true
	install.PostRenderer = asked
	install.PostRenderStrategy = action.PostRenderStrategy(asked.Strategy)
	if install.KubeVersion, err = common.ParseKubeVersion(asked.KubeVersion); err != nil {
		return nil, err
	}
	// The list that Helm was built with would be taken together with ours.
	common.DefaultCapabilities.APIVersions = asked.APIVersions
	installed, err := install.Run(chart, asked.Values)
	if err != nil {
		return nil, err
	}
	done, ok := installed.(*v1.Release)
	if !ok {
		return nil, errors.New("not a release of the first API version")
	}
	objects, err := parsed(done.Manifest)
	if err != nil {
		return nil, err
	}
	var hooks []any
	for _, hook := range done.Hooks {
		found, err := parsed(hook.Manifest)
		if err != nil {
			return nil, err
		}
		hooks = append(hooks, found...)
	}
	return map[string]any{"objects": objects, "hooks": hooks}, nil
}

// parsed reads a stream of documents as Kubernetes clients do.
func parsed(text string) ([]any, error) {
	reader := utilyaml.NewYAMLReader(bufio.NewReader(strings.NewReader(text)))
	found := []any{}
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := yaml.YAMLToJSON(document)
		if err != nil {
			return nil, err
		}
		if string(value) != "null" {
			found = append(found, json.RawMessage(value))
		}
	}
}
