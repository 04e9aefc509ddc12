// Answers questions about Helm with Helm's own released library, used the way helm-controller uses
// it: one JSON request per line on standard input, one JSON answer per line on standard output.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/strvals"
)

var answers = map[string]func(json.RawMessage) (any, error){
	"release": release,
	"strvals": assign,
	"semver":  admits,
}

type failure struct {
	Error string `json:"error"`
}

func main() {
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.DiscardHandler))
	in := json.NewDecoder(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		var request json.RawMessage
		if err := in.Decode(&request); err != nil {
			return
		}
		if err := out.Encode(answer(request)); err != nil {
			_ = out.Encode(failure{err.Error()})
		}
	}
}

func answer(request json.RawMessage) (result any) {
	defer func() {
		if reason := recover(); reason != nil {
			result = failure{fmt.Sprintf("panic: %v", reason)}
		}
	}()
	var ask struct {
		Do string `json:"do"`
	}
	if err := json.Unmarshal(request, &ask); err != nil {
		return failure{err.Error()}
	}
	respond, known := answers[ask.Do]
	if !known {
		return failure{fmt.Sprintf("no such request: %q", ask.Do)}
	}
	result, err := respond(request)
	if err != nil {
		return failure{err.Error()}
	}
	return result
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
