// Asks the API server's own strategies whether they would create an object: one JSON object per line
// on standard input, one JSON answer per line on standard output, in the same order.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	genericapirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	apiservice "k8s.io/kubernetes/pkg/api/service"
	"k8s.io/kubernetes/pkg/apis/apps"
	"k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/capabilities"

	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/coordination/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/discovery/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/node/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/mutatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/admissionregistration/validatingwebhookconfiguration"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/replicaset"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/coordination/lease"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/endpoint"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/discovery/endpointslice"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/node/runtimeclass"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"k8s.io/kubernetes/pkg/registry/storage/csidriver"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
)

var strategies = map[string]rest.RESTCreateStrategy{
	"ClusterRole":                    clusterrole.Strategy,
	"ClusterRoleBinding":             clusterrolebinding.Strategy,
	"ConfigMap":                      configmap.Strategy,
	"CronJob":                        cronjob.Strategy,
	"CSIDriver":                      csidriver.Strategy,
	"DaemonSet":                      daemonset.Strategy,
	"Deployment":                     deployment.Strategy,
	"Endpoints":                      endpoint.Strategy,
	"EndpointSlice":                  endpointslice.Strategy,
	"HorizontalPodAutoscaler":        horizontalpodautoscaler.Strategy,
	"Ingress":                        ingress.Strategy,
	"IngressClass":                   ingressclass.Strategy,
	"Job":                            job.Strategy,
	"Lease":                          lease.Strategy,
	"LimitRange":                     limitrange.Strategy,
	"MutatingWebhookConfiguration":   mutatingwebhookconfiguration.Strategy,
	"Namespace":                      namespace.Strategy,
	"NetworkPolicy":                  networkpolicy.Strategy,
	"PersistentVolume":               persistentvolume.Strategy,
	"PersistentVolumeClaim":          persistentvolumeclaim.Strategy,
	"Pod":                            pod.Strategy,
	"PodDisruptionBudget":            poddisruptionbudget.Strategy,
	"PriorityClass":                  priorityclass.Strategy,
	"ReplicaSet":                     replicaset.Strategy,
	"ResourceQuota":                  resourcequota.Strategy,
	"Role":                           role.Strategy,
	"RoleBinding":                    rolebinding.Strategy,
	"RuntimeClass":                   runtimeclass.Strategy,
	"Secret":                         secret.Strategy,
	"Service":                        service.Strategy,
	"ServiceAccount":                 serviceaccount.Strategy,
	"StatefulSet":                    statefulset.Strategy,
	"StorageClass":                   storageclass.Strategy,
	"ValidatingWebhookConfiguration": validatingwebhookconfiguration.Strategy,
}

type verdict struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

type answer struct {
	// Unread says why the object is none; Unheard that the program has no strategy for its kind.
	Unread  string    `json:"unread,omitempty"`
	Unheard bool      `json:"unheard,omitempty"`
	Refused []verdict `json:"refused"`
}

var strict = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)

func main() {
	capabilities.Setup(true, 0)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := encoder.Encode(judge(line)); err != nil {
			panic(err)
		}
	}
}

func judge(line []byte) answer {
	object, kind, err := strict.UniversalDecoder().Decode(line, nil, nil)
	if err != nil {
		return answer{Unread: err.Error()}
	}
	strategy, known := strategies[kind.Kind]
	if !known {
		return answer{Unheard: true}
	}
	found := append([]verdict{}, create(strategy, object, *kind)...)
	if set, is := object.(*apps.StatefulSet); is {
		found = append(found, create(pod.Strategy, podOf(set), core.SchemeGroupVersion.WithKind("Pod"))...)
		for _, claim := range set.Spec.VolumeClaimTemplates {
			found = append(found, create(persistentvolumeclaim.Strategy, claim.DeepCopy(), core.SchemeGroupVersion.WithKind("PersistentVolumeClaim"))...)
		}
	}
	return answer{Refused: found}
}

func create(strategy rest.RESTCreateStrategy, object runtime.Object, kind schema.GroupVersionKind) []verdict {
	about, err := meta.Accessor(object)
	if err != nil {
		panic(err)
	}
	ctx := genericapirequest.WithRequestInfo(context.Background(), &genericapirequest.RequestInfo{
		APIGroup: kind.Group, APIVersion: kind.Version, Verb: "create",
	})
	if strategy.NamespaceScoped() {
		if about.GetNamespace() == "" {
			about.SetNamespace("default")
		}
	} else {
		about.SetNamespace("")
	}
	ctx = genericapirequest.WithNamespace(ctx, about.GetNamespace())
	filled(object)
	rest.FillObjectMetaSystemFields(about)
	return said(rest.BeforeCreate(strategy, ctx, object))
}

// filled does what the storage of Services does before it asks its strategy.
func filled(object runtime.Object) {
	if found, is := object.(*core.Service); is {
		if found.Spec.ClusterIP != "" && len(found.Spec.ClusterIPs) == 0 {
			found.Spec.ClusterIPs = []string{found.Spec.ClusterIP}
		}
		if apiservice.NeedsHealthCheck(found) && found.Spec.HealthCheckNodePort == 0 {
			found.Spec.HealthCheckNodePort = 30000
		}
	}
}

func said(err error) []verdict {
	if err == nil {
		return nil
	}
	status, is := err.(errors.APIStatus)
	if !is || status.Status().Details == nil || len(status.Status().Details.Causes) == 0 {
		return []verdict{{Type: "Error", Detail: err.Error()}}
	}
	var found []verdict
	for _, each := range status.Status().Details.Causes {
		found = append(found, verdict{string(each.Type), each.Field, each.Message})
	}
	return found
}

// podOf is the pod that a StatefulSet makes: what its template says, and its claims as volumes. The
// strategy of StatefulSets looks at no pod.
func podOf(set *apps.StatefulSet) *core.Pod {
	template := set.Spec.Template.DeepCopy()
	claims := map[string]bool{}
	volumes := []core.Volume{}
	for _, claim := range set.Spec.VolumeClaimTemplates {
		claims[claim.Name] = true
		volumes = append(volumes, core.Volume{Name: claim.Name, VolumeSource: core.VolumeSource{
			PersistentVolumeClaim: &core.PersistentVolumeClaimVolumeSource{ClaimName: "claim"},
		}})
	}
	for _, volume := range template.Spec.Volumes {
		if !claims[volume.Name] {
			volumes = append(volumes, volume)
		}
	}
	template.Spec.Volumes = volumes
	template.ObjectMeta.Name = "pod-0"
	template.ObjectMeta.UID = types.UID(strings.Repeat("0", 8))
	template.ObjectMeta.CreationTimestamp = metav1.Time{}
	return &core.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec}
}
