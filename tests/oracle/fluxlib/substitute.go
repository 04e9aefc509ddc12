package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/api/resmap"

	"github.com/fluxcd/pkg/envsubst"
	"github.com/fluxcd/pkg/kustomize"
	"github.com/fluxcd/pkg/ssa"
	"github.com/fluxcd/pkg/ssa/normalize"
	"github.com/fluxcd/pkg/ssa/utils"
)

type text struct {
	Text string `json:"text"`
}

type objects struct {
	Objects []map[string]any `json:"objects"`
}

// expand evaluates a text with the given variables. Bytes that are not UTF-8 come back as \ufffd.
func expand(line json.RawMessage) (any, error) {
	var request struct {
		Text   string            `json:"text"`
		Vars   map[string]string `json:"vars"`
		Strict bool              `json:"strict"`
	}
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, err
	}
	result, err := envsubst.Eval(request.Text, func(name string) (string, bool) {
		value, exists := request.Vars[name]
		return value, exists || !request.Strict
	})
	return text{result}, err
}

// asYAML shows the text that variables are substituted in.
func asYAML(line json.RawMessage) (any, error) {
	var request struct {
		Resource json.RawMessage `json:"resource"`
	}
	if err := json.Unmarshal(line, &request); err != nil {
		return nil, err
	}
	one, err := resources([]json.RawMessage{request.Resource})
	if err != nil {
		return nil, err
	}
	result, err := one.Resources()[0].AsYAML()
	return text{string(result)}, err
}

// request is what every question about a whole Kustomization holds: the object itself, the
// ConfigMaps and Secrets of the cluster, and whether substitution is strict.
type request struct {
	Kustomization map[string]any    `json:"kustomization"`
	Cluster       []map[string]any  `json:"cluster"`
	Resources     []json.RawMessage `json:"resources"`
	Strict        bool              `json:"strict"`
	Apply         bool              `json:"apply"`
	Root          string            `json:"root"`
	Path          string            `json:"path"`
}

// substitute does to resources what kustomize-controller does between build and apply.
func substitute(line json.RawMessage) (any, error) {
	var ask request
	if err := json.Unmarshal(line, &ask); err != nil {
		return nil, err
	}
	all, err := resources(ask.Resources)
	if err != nil {
		return nil, err
	}
	return finish(ask, all)
}

// apply does only what comes after substitution: owner labels, normalisation, common metadata.
func apply(line json.RawMessage) (any, error) {
	var ask request
	if err := json.Unmarshal(line, &ask); err != nil {
		return nil, err
	}
	var list []*unstructured.Unstructured
	for _, body := range ask.Resources {
		read, err := utils.ReadObjects(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		list = append(list, read...)
	}
	return prepared(ask, list)
}

// finish follows the order of kustomize-controller's build and apply.
func finish(ask request, all resmap.ResMap) (any, error) {
	owner := unstructured.Unstructured{Object: ask.Kustomization}
	if _, set, _ := unstructured.NestedMap(ask.Kustomization, "spec", "postBuild"); set {
		if err := substituteAll(ask, owner, all); err != nil {
			return nil, err
		}
	}
	result, err := all.AsYaml()
	if err != nil {
		return nil, err
	}
	list, err := utils.ReadObjects(bytes.NewReader(result))
	if err != nil {
		return nil, err
	}
	return prepared(ask, list)
}

func substituteAll(ask request, owner unstructured.Unstructured, all resmap.ResMap) error {
	reader, err := cluster(ask.Cluster)
	if err != nil {
		return err
	}
	strategy, _, _ := unstructured.NestedString(
		ask.Kustomization, "spec", "postBuild", "substituteStrategy")
	for _, each := range all.Resources() {
		changed, err := kustomize.SubstituteVariables(context.Background(), reader, owner, each,
			kustomize.SubstituteWithStrict(ask.Strict),
			kustomize.SubstituteWithAlways(strategy == "Always"))
		if err != nil {
			return fmt.Errorf("post build failed for '%s/%s': %w", each.GetGvk(), each.GetName(), err)
		}
		if changed == nil {
			continue
		}
		if _, err := all.Replace(each); err != nil {
			return err
		}
	}
	return nil
}

func prepared(ask request, list []*unstructured.Unstructured) (any, error) {
	if ask.Apply {
		owner := unstructured.Unstructured{Object: ask.Kustomization}
		manager := ssa.NewResourceManager(nil, nil, ssa.Owner{
			Field: "kustomize-controller", Group: "kustomize.toolkit.fluxcd.io"})
		manager.SetOwnerLabels(list, owner.GetName(), owner.GetNamespace())
		if err := normalize.UnstructuredList(list); err != nil {
			return nil, err
		}
		if _, set, _ := unstructured.NestedMap(ask.Kustomization, "spec", "commonMetadata"); set {
			labels, _, _ := unstructured.NestedStringMap(
				ask.Kustomization, "spec", "commonMetadata", "labels")
			annotations, _, _ := unstructured.NestedStringMap(
				ask.Kustomization, "spec", "commonMetadata", "annotations")
			utils.SetCommonMetadata(list, labels, annotations)
		}
	}
	result := objects{[]map[string]any{}}
	for _, each := range list {
		result.Objects = append(result.Objects, each.Object)
	}
	return result, nil
}

func resources(bodies []json.RawMessage) (resmap.ResMap, error) {
	factory := provider.NewDefaultDepProvider().GetResourceFactory()
	all := resmap.New()
	for _, body := range bodies {
		one, err := factory.FromBytes(body)
		if err != nil {
			return nil, err
		}
		if err := all.Append(one); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func cluster(bodies []map[string]any) (client.Client, error) {
	builder := fake.NewClientBuilder()
	for _, body := range bodies {
		object, err := typed(body)
		if err != nil {
			return nil, err
		}
		builder = builder.WithObjects(object)
	}
	return builder.Build(), nil
}

func typed(body map[string]any) (client.Object, error) {
	var object client.Object
	switch body["kind"] {
	case "ConfigMap":
		object = &corev1.ConfigMap{}
	case "Secret":
		object = &corev1.Secret{}
	default:
		return nil, fmt.Errorf("cannot hold a %v", body["kind"])
	}
	return object, runtime.DefaultUnstructuredConverter.FromUnstructured(body, object)
}
