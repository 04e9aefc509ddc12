package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/sourceignore"
)

// ignored tells which of the paths below a folder stay out of the artifact. A path that ends in a
// slash is a folder. The rules are those of source-controller: any pattern at all replaces the
// default ones, but never those for version control.
func ignored(line json.RawMessage) (any, error) {
	var ask struct {
		Files  map[string]string `json:"files"`
		Paths  []string          `json:"paths"`
		Ignore *string           `json:"ignore"`
	}
	if err := json.Unmarshal(line, &ask); err != nil {
		return nil, err
	}
	root, err := os.MkdirTemp("", "fluxlib")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	for path, content := range ask.Files {
		place := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(place, []byte(content), 0o600); err != nil {
			return nil, err
		}
	}
	domain := strings.Split(root, string(filepath.Separator))
	patterns, err := sourceignore.LoadIgnorePatterns(root, domain)
	if err != nil {
		return nil, err
	}
	if ask.Ignore != nil {
		patterns = append(patterns,
			sourceignore.ReadPatterns(strings.NewReader(*ask.Ignore), domain)...)
	}
	matcher := sourceignore.NewDefaultMatcher(patterns, domain)
	if len(patterns) > 0 {
		matcher = sourceignore.NewMatcher(append(sourceignore.VCSPatterns(domain), patterns...))
	}
	result := struct {
		Ignored []bool `json:"ignored"`
	}{[]bool{}}
	for _, path := range ask.Paths {
		full := strings.Split(filepath.Join(root, path), string(filepath.Separator))
		result.Ignored = append(result.Ignored, matcher.Match(full, strings.HasSuffix(path, "/")))
	}
	return result, nil
}
