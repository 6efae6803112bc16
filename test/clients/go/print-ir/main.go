// Prints what "dnscontrol print-ir" prints of a dnsconfig.js, with the packages of DNSControl that do it.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/StackExchange/dnscontrol/v4/pkg/js"
	"github.com/StackExchange/dnscontrol/v4/pkg/normalize"
	_ "github.com/StackExchange/dnscontrol/v4/providers/route53"
)

func main() {
	text, err := intermediate(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(text))
}

func intermediate(file string) ([]byte, error) {
	config, err := js.ExecuteJavaScript(file, false, nil)
	if err != nil {
		return nil, err
	}
	if problems := normalize.ValidateAndNormalizeConfig(config); len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return json.Marshal(config)
}
