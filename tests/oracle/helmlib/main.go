// Answers questions about Helm with Helm's own released library, used the way helm-controller uses
// it.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"

	"github.com/Masterminds/semver/v3"
	"gitops.test/answering"
	"helm.sh/helm/v4/pkg/strvals"
)

var answers = map[string]func(json.RawMessage) (any, error){
	"release": release,
	"strvals": assign,
	"semver":  admits,
}

func main() {
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	answering.Each(answering.Named(answers))
}

// assign writes what a --set text says into values.
func assign(request json.RawMessage) (any, error) {
	var ask struct {
		Text   string         `json:"text"`
		Values map[string]any `json:"values"`
		Typed  bool           `json:"typed"`
	}
	if err := json.Unmarshal(request, &ask); err != nil {
		return nil, err
	}
	parse := strvals.ParseIntoString
	if ask.Typed {
		parse = strvals.ParseInto
	}
	if err := parse(ask.Text, ask.Values); err != nil {
		return nil, err
	}
	return map[string]any{"values": ask.Values}, nil
}

// admits tells whether a version is in a range, and how the version is written in full.
func admits(request json.RawMessage) (any, error) {
	var ask struct {
		Range   string `json:"range"`
		Version string `json:"version"`
	}
	if err := json.Unmarshal(request, &ask); err != nil {
		return nil, err
	}
	version, noVersion := semver.NewVersion(ask.Version)
	constraint, noRange := semver.NewConstraint(ask.Range)
	if err := errors.Join(noVersion, noRange); err != nil {
		return nil, err
	}
	return map[string]any{"admits": constraint.Check(version), "text": version.String()}, nil
}
