// Judges connections with cyclonus, the model that the conformance of network plugins is tested
// with.
package main

import (
	"encoding/json"
	"io"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	"github.com/sirupsen/logrus"
	"gitops.test/answering"
	corev1 "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
)

type request struct {
	Policies    []*networking.NetworkPolicy `json:"policies"`
	Parties     []party                     `json:"parties"`
	Connections []connection                `json:"connections"`
}

type party struct {
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
	Around    map[string]string `json:"around"`
	Ports     []namedPort       `json:"ports"`
}

type namedPort struct {
	Name     string `json:"name"`
	Number   int    `json:"number"`
	Protocol string `json:"protocol"`
}

type connection struct {
	Source    int    `json:"source"`
	Target    int    `json:"target"`
	Port      int    `json:"port"`
	Protocol  string `json:"protocol"`
	Direction string `json:"direction"`
}

type answer struct {
	Error    string   `json:"error,omitempty"`
	Verdicts []string `json:"verdicts"`
}

func main() {
	logrus.SetOutput(io.Discard)
	answering.Each(judge)
}

func judge(line []byte) any {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	policies := matcher.BuildNetworkPolicies(false, asked.Policies)
	verdicts := []string{}
	for _, each := range asked.Connections {
		found := policies.IsTrafficAllowed(traffic(asked.Parties, each))
		side := found.Egress
		if each.Direction == "ingress" {
			side = found.Ingress
		}
		verdict := "closed"
		if side.IsAllowed() {
			verdict = "open"
		}
		verdicts = append(verdicts, verdict)
	}
	return answer{Verdicts: verdicts}
}

func traffic(parties []party, each connection) *matcher.Traffic {
	source, target := parties[each.Source], parties[each.Target]
	found := &matcher.Traffic{
		Source:       peer(source, "10.0.0.1"),
		Destination:  peer(target, "10.0.0.2"),
		ResolvedPort: each.Port,
		Protocol:     corev1.Protocol(each.Protocol),
	}
	for _, named := range target.Ports {
		if named.Number == each.Port && named.Protocol == each.Protocol {
			found.ResolvedPortName = named.Name
		}
	}
	return found
}

func peer(of party, ip string) *matcher.TrafficPeer {
	return &matcher.TrafficPeer{
		IP: ip,
		Internal: &matcher.InternalPeer{
			PodLabels:       of.Labels,
			NamespaceLabels: of.Around,
			Namespace:       of.Namespace,
		},
	}
}
