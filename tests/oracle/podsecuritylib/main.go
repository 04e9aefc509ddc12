// Judges pods with the library of Kubernetes' own admission plugin.
package main

import (
	"encoding/json"

	"gitops.test/answering"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type request struct {
	Level   string            `json:"level"`
	Version string            `json:"version"`
	Newest  int               `json:"newest"`
	Labels  map[string]string `json:"labels"`
	Pod     struct {
		Metadata metav1.ObjectMeta `json:"metadata"`
		Spec     corev1.PodSpec    `json:"spec"`
	} `json:"pod"`
}

type verdict struct {
	Reason string `json:"reason"`
	Detail string `json:"detail"`
}

type answer struct {
	Error    string    `json:"error,omitempty"`
	Refused  []verdict `json:"refused"`
	Policy   []string  `json:"policy,omitempty"`
	Mistakes int       `json:"mistakes"`
}

func main() {
	answering.Each(judge)
}

func judge(line []byte) any {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	if asked.Labels != nil {
		return meaning(asked)
	}
	newest := api.MajorMinorVersion(1, asked.Newest)
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), &newest)
	if err != nil {
		return answer{Error: err.Error()}
	}
	level, err := api.ParseLevel(asked.Level)
	if err != nil {
		return answer{Error: err.Error()}
	}
	version, err := api.ParseVersion(asked.Version)
	if err != nil {
		return answer{Error: err.Error()}
	}
	refused := []verdict{}
	which := api.LevelVersion{Level: level, Version: version}
	for _, result := range evaluator.EvaluatePod(which, &asked.Pod.Metadata, &asked.Pod.Spec) {
		if !result.Allowed {
			refused = append(refused, verdict{result.ForbiddenReason, result.ForbiddenDetail})
		}
	}
	return answer{Refused: refused}
}

func meaning(asked request) answer {
	open := api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()}
	found, mistakes := api.PolicyToEvaluate(asked.Labels, api.Policy{Enforce: open, Audit: open, Warn: open})
	return answer{
		Policy:   []string{found.Enforce.String(), found.Warn.String(), found.Audit.String()},
		Mistakes: len(mistakes),
	}
}
