// Judges connections with the policy engine of Cilium.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	"github.com/cilium/cilium/pkg/fqdn/re"
	"github.com/cilium/cilium/pkg/identity"
	ipcache "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	cilium "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networking "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/spanstat"
	"github.com/cilium/cilium/pkg/u8proto"
	"gitops.test/answering"
)

type request struct {
	Cluster     string            `json:"cluster"`
	Apart       bool              `json:"apart"`
	Policies    []json.RawMessage `json:"policies"`
	Parties     []party           `json:"parties"`
	Connections []connection      `json:"connections"`
}

// Labels of a party are written as `k8s:app`; ports are those that it gives a name.
type party struct {
	Labels map[string]string `json:"labels"`
	Ports  []namedPort       `json:"ports"`
	Host   string            `json:"host"`
}

type namedPort struct {
	Name     string `json:"name"`
	Number   uint16 `json:"number"`
	Protocol string `json:"protocol"`
}

type connection struct {
	Source    int    `json:"source"`
	Target    int    `json:"target"`
	Port      uint16 `json:"port"`
	Protocol  string `json:"protocol"`
	Direction string `json:"direction"`
}

type answer struct {
	Error    string   `json:"error,omitempty"`
	Refused  []string `json:"refused"`
	Verdicts []string `json:"verdicts"`
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func main() {
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = true
	if err := re.InitRegexCompileLRU(quiet, 1024); err != nil {
		panic(err)
	}
	policy.SetPolicyEnabled(option.DefaultEnforcement)
	answering.Each(judge)
}

func judge(line []byte) any {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	api.InitEntities(asked.Cluster)
	scope := cmtypes.PolicyAnyCluster
	if asked.Apart {
		scope = asked.Cluster
	}
	rules, refused := parsed(asked.Policies, scope)
	parties := identities(asked.Parties, rules)
	known := identity.IdentityMap{}
	for _, each := range parties {
		known[each.ID] = each.LabelArray
	}
	repository := policy.NewPolicyRepository(quiet, known, nil, nil, nil, metrics{})
	repository.GetSelectorCache().SetLocalIdentityNotifier(notifier{})
	for position, each := range rules {
		// The engine takes the namespace of a policy from here.
		home := namespace(asked.Policies[position])
		name := fmt.Sprint(position)
		repository.ReplaceByResource(each, ipcache.NewResourceID("policy", home, name))
	}
	verdicts := []string{}
	for _, each := range asked.Connections {
		verdicts = append(verdicts, verdict(repository, asked, parties, each))
	}
	return answer{Refused: refused, Verdicts: verdicts}
}

func namespace(raw json.RawMessage) string {
	var found struct {
		Metadata struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(raw, &found); err != nil {
		panic(err)
	}
	return found.Metadata.Namespace
}

func parsed(policies []json.RawMessage, scope string) ([]api.Rules, []string) {
	found, refused := []api.Rules{}, []string{}
	for _, raw := range policies {
		rules, err := parse(raw, scope)
		said := ""
		if err != nil {
			said = err.Error()
		}
		found, refused = append(found, rules), append(refused, said)
	}
	return found, refused
}

func parse(raw json.RawMessage, scope string) (api.Rules, error) {
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(raw, &kind); err != nil {
		return nil, err
	}
	switch kind.Kind {
	case "NetworkPolicy":
		var found networking.NetworkPolicy
		if err := json.Unmarshal(raw, &found); err != nil {
			return nil, err
		}
		return k8s.ParseNetworkPolicy(quiet, scope, &found)
	case "CiliumClusterwideNetworkPolicy":
		var found cilium.CiliumClusterwideNetworkPolicy
		if err := json.Unmarshal(raw, &found); err != nil {
			return nil, err
		}
		return found.Parse(quiet, scope)
	default:
		var found cilium.CiliumNetworkPolicy
		if err := json.Unmarshal(raw, &found); err != nil {
			return nil, err
		}
		return found.Parse(quiet, scope)
	}
}

// A host outside gets a label for each rule that names it, as the agent gives it once the DNS
// proxy has seen an answer.
func identities(parties []party, rules []api.Rules) []*identity.Identity {
	found := []*identity.Identity{}
	for position, each := range parties {
		all := labels.Labels{}
		for key, value := range each.Labels {
			source, name, _ := strings.Cut(key, ":")
			all[name] = labels.NewLabel(name, value, source)
		}
		if each.Host != "" {
			for _, label := range names(each.Host, rules) {
				all["fqdn "+label.Key] = label
			}
		}
		number := identity.NumericIdentity(1000 + position)
		found = append(found, identity.NewIdentity(number, all))
	}
	return found
}

func names(host string, rules []api.Rules) []labels.Label {
	found := []labels.Label{}
	for _, of := range rules {
		for _, rule := range of {
			for _, egress := range rule.Egress {
				for _, name := range egress.ToFQDNs {
					pattern, err := name.ToRegex()
					if err == nil && pattern.MatchString(host+".") {
						found = append(found, name.IdentityLabel())
					}
				}
			}
		}
	}
	return found
}

func verdict(repository *policy.Repository, asked request, parties []*identity.Identity, each connection) string {
	protocol, err := u8proto.ParseProtocol(each.Protocol)
	if err != nil {
		return err.Error()
	}
	of, peer := parties[each.Source], parties[each.Target]
	key := policy.EgressKey()
	if each.Direction == "ingress" {
		of, peer = peer, of
		key = policy.IngressKey()
	}
	selected, _, err := repository.GetSelectorPolicy(of, 0, &statistics{}, uint64(of.ID))
	if err != nil {
		return err.Error()
	}
	endpoint := selected.DistillPolicy(quiet, owner{asked.Parties[each.Target]}, nil)
	entry, _, found := endpoint.Lookup(key.WithIdentity(peer.ID).WithPortProto(protocol, each.Port))
	switch {
	case !entry.IsDeny():
		return "open"
	case found:
		return "denied"
	default:
		return "closed"
	}
}

// Named ports are always those of the party that is called.
type owner struct {
	called party
}

func (o owner) GetID() uint64 { return 1 }

func (o owner) GetNamedPort(_ bool, name string, protocol u8proto.U8proto) uint16 {
	for _, each := range o.called.Ports {
		if each.Name == name && each.Protocol == protocol.String() {
			return each.Number
		}
	}
	return 0
}

func (o owner) PolicyDebug(string, ...any) {}

func (o owner) IsHost() bool { return false }

func (o owner) MapStateSize() int { return 0 }

func (o owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

type statistics struct {
	waiting, computing spanstat.SpanStat
}

func (s *statistics) WaitingForPolicyRepository() *spanstat.SpanStat { return &s.waiting }

func (s *statistics) SelectorPolicyCalculation() *spanstat.SpanStat { return &s.computing }

type metrics struct{}

func (metrics) AddRule(api.Rule) {}

func (metrics) DelRule(api.Rule) {}

var _ types.PolicyMetrics = metrics{}

type notifier struct{}

func (notifier) RegisterFQDNSelector(api.FQDNSelector) {}

func (notifier) UnregisterFQDNSelector(api.FQDNSelector) {}
