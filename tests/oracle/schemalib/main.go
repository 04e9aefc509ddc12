// Answers what an API server says of custom resources, with the code that it uses itself.
package main

import (
	"context"
	"encoding/json"
	"strings"

	"gitops.test/answering"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

type request struct {
	Schema json.RawMessage   `json:"schema"`
	Bodies []json.RawMessage `json:"bodies"`
}

type problem struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

type answer struct {
	Error    string      `json:"error,omitempty"`
	Problems [][]problem `json:"problems"`
}

type kind struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

func main() {
	answering.Each(judge)
}

func judge(line []byte) any {
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	known, err := compile(asked.Schema)
	if err != nil {
		return answer{Error: err.Error()}
	}
	found := answer{}
	for _, body := range asked.Bodies {
		found.Problems = append(found.Problems, known.problems(body))
	}
	return found
}

func compile(text []byte) (*kind, error) {
	external := &v1.JSONSchemaProps{}
	if err := json.Unmarshal(text, external); err != nil {
		return nil, err
	}
	internal := &apiextensions.JSONSchemaProps{}
	if err := v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(external, internal, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(internal)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(internal)
	if err != nil {
		return nil, err
	}
	return &kind{structural, validator, cel.NewValidator(structural, true, celconfig.PerCallLimit)}, nil
}

// In the order of customresource_handler.go and strategy.go.
func (k *kind) problems(text []byte) []problem {
	body := map[string]interface{}{}
	if err := utiljson.Unmarshal(text, &body); err != nil {
		return []problem{{"decode", "", err.Error()}}
	}
	found := []problem{}
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(body, k.structural, true, options) {
		found = append(found, problem{"unknown", path, ""})
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(body, k.structural)
	defaulting.Default(body, k.structural)
	errs := validation.ValidateCustomResource(nil, body, k.validator)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, k.structural, body)...)
	found = append(found, shown(errs)...)
	if k.rules != nil && !blocks(errs) {
		broken, _ := k.rules.Validate(context.TODO(), nil, k.structural, body, nil, celconfig.RuntimeCELCostBudget)
		for _, each := range broken {
			found = append(found, problem{"rule", path(each.Field), each.Detail})
		}
	}
	return found
}

func blocks(errs field.ErrorList) bool {
	for _, each := range errs {
		switch each.Type {
		case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
			return true
		}
	}
	return false
}

func shown(errs field.ErrorList) []problem {
	found := []problem{}
	for _, each := range errs {
		found = append(found, problem{string(each.Type), path(each.Field), each.Detail})
	}
	return found
}

func path(text string) string {
	return strings.TrimPrefix(strings.TrimPrefix(text, "<nil>"), ".")
}
