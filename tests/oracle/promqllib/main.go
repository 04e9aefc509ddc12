// Reads expressions with the parser of Prometheus: one JSON request per line on standard input,
// one JSON answer per line on standard output, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

type request struct {
	Expression string `json:"expression"`
}

type answer struct {
	Mistake string   `json:"mistake,omitempty"`
	Parts   []string `json:"parts"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		found, err := parser.ParseExpr(asked.Expression)
		if err != nil {
			_ = out.Encode(answer{Mistake: err.Error()})
			continue
		}
		_ = out.Encode(answer{Parts: parts(found)})
	}
}

// What an expression is made of, each part before those inside of it.
func parts(found parser.Expr) []string {
	said := []string{}
	parser.Inspect(found, func(node parser.Node, _ []parser.Node) error {
		switch node := node.(type) {
		case *parser.VectorSelector:
			words := []string{"select", node.Name}
			for _, each := range node.LabelMatchers {
				if each.Name != "__name__" {
					words = append(words, each.Name+each.Type.String()+each.Value)
				}
			}
			said = append(said, strings.Join(words, " "))
		case *parser.Call:
			said = append(said, "call "+node.Func.Name)
		case *parser.AggregateExpr:
			words := []string{"call", node.Op.String()}
			if node.Without {
				words = append(words, "without")
			}
			said = append(said, strings.Join(append(words, node.Grouping...), " "))
		case *parser.BinaryExpr:
			said = append(said, strings.Join(append([]string{node.Op.String()}, matching(node)...), " "))
		case *parser.NumberLiteral, *parser.StringLiteral:
			said = append(said, "constant")
		}
		return nil
	})
	return said
}

func matching(node *parser.BinaryExpr) []string {
	if node.VectorMatching == nil {
		return nil
	}
	words := append([]string{}, node.VectorMatching.MatchingLabels...)
	if node.VectorMatching.On {
		words = append(words, "on")
	}
	switch node.VectorMatching.Card {
	case parser.CardManyToOne:
		words = append(words, "group_left")
	case parser.CardOneToMany:
		words = append(words, "group_right")
	}
	return append(words, node.VectorMatching.Include...)
}
