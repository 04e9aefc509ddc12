package main

import (
	"context"
	"encoding/json"

	"github.com/go-logr/logr"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
)

// values merges what valuesFrom names with the values of a HelmRelease.
func values(line json.RawMessage) (any, error) {
	var ask struct {
		Namespace string                 `json:"namespace"`
		Values    map[string]any         `json:"values"`
		From      []meta.ValuesReference `json:"valuesFrom"`
		Cluster   []map[string]any       `json:"cluster"`
	}
	if err := json.Unmarshal(line, &ask); err != nil {
		return nil, err
	}
	reader, err := cluster(ask.Cluster)
	if err != nil {
		return nil, err
	}
	merged, err := chartutil.ChartValuesFromReferences(
		context.Background(), logr.Discard(), reader, ask.Namespace, ask.Values, ask.From...)
	if err != nil {
		return nil, err
	}
	return struct {
		Values map[string]any `json:"values"`
	}{merged}, nil
}
