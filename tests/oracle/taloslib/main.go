// Judges machine configurations and bundles of secrets with the libraries of Talos.
package main

import (
	"encoding/json"
	"time"

	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/generate/secrets"
	"github.com/siderolabs/talos/pkg/machinery/config/validation"
	"github.com/siderolabs/talos/pkg/machinery/role"
	"gitops.test/answering"
	"go.yaml.in/yaml/v4"
)

type request struct {
	Configuration string `json:"configuration"`
	Bundle        string `json:"bundle"`
}

type answer struct {
	Refused  string   `json:"refused"`
	Warnings []string `json:"warnings"`
	Made     string   `json:"made"`
}

// metal is the mode of machines that Talos is installed on, as `talosctl validate --mode metal` has it.
type metal struct{}

func (metal) String() string        { return "metal" }
func (metal) RequiresInstall() bool { return true }
func (metal) InContainer() bool     { return false }

func main() {
	answering.Each(judge)
}

func judge(line []byte) any {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Refused: err.Error()}
	}
	if asked.Bundle != "" {
		return bundle(asked.Bundle)
	}
	provider, err := configloader.NewFromBytes([]byte(asked.Configuration))
	if err != nil {
		return answer{Refused: err.Error()}
	}
	warnings, err := provider.Validate(metal{}, validation.WithLocal())
	if err != nil {
		return answer{Refused: err.Error(), Warnings: warnings}
	}
	return answer{Warnings: warnings}
}

// bundle loads, validates, and makes the certificate of an administrator, which takes the key of Talos'
// authority to be readable.
func bundle(text string) answer {
	var found secrets.Bundle
	if err := yaml.Unmarshal([]byte(text), &found); err != nil {
		return answer{Refused: err.Error()}
	}
	found.Clock = secrets.NewFixedClock(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	if err := found.Validate(); err != nil {
		return answer{Refused: err.Error()}
	}
	if _, err := found.GenerateTalosAPIClientCertificate(role.MakeSet(role.Admin)); err != nil {
		return answer{Refused: err.Error()}
	}
	again, err := yaml.Marshal(&found)
	if err != nil {
		return answer{Refused: err.Error()}
	}
	return answer{Made: string(again)}
}
