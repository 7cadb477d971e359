using System.Text.Json.Nodes;
using DeviceId.Benchmarks;
using DeviceId.Foundation;
using TorchSharp;

// dotnet run --project tests/benchmarks [-- [names…] [--rounds N] [--threads N]]
var rounds = Option("--rounds", 7);
var threads = Option("--threads", 2);
var names = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal)
    && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal))).ToArray();
ComputeDevice.Load();
torch.set_num_threads(threads);
var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "deviceid-benchmarks")).FullName;
var comparisons = new Comparisons(folder, threads).All;
var ownBenchmarks = new Dictionary<string, Action<string>>
{
    ["limits"] = Limits.Print, ["step-plain"] = StepPlain.Print, ["kernels"] = KernelGains.Print,
    ["accuracy"] = ReferenceAccuracy.Print, ["identify"] = Identification.Print, ["paper-size"] = PaperSize.Print, ["parts"] = Parts.Run,
    ["features"] = _ => FeatureSpeed.Print(),
};
if (names.FirstOrDefault(n => !comparisons.ContainsKey(n) && !ownBenchmarks.ContainsKey(n)) is { } unknown)
{
    var available = string.Join(", ", comparisons.Keys.Concat(ownBenchmarks.Keys));
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. Available: {available}.");
    return 2;
}

var chosen = names.Length > 0 ? names : [.. comparisons.Keys, "step-plain", "limits", "identify"];
using var peer = chosen.Any(comparisons.ContainsKey) ? new Peer() : null;
var versions = "none";
try
{
    if (peer is not null)
        versions = peer.Run(new JsonObject { ["work"] = "versions" }).Value!.ToJsonString();
}
catch (InvalidOperationException error)
{
    Console.Error.WriteLine(
        $"The peer libraries cannot be run: {error.Message}. Install Debian's python3-torch, python3-torchaudio, python3-sklearn and "
        + "libopenblas0-pthread.");
    return 2;
}

Console.WriteLine($"{RunEnvironment.Here(torch.CPU)}; {threads} threads; {rounds} alternating rounds; peers: {versions}");
if (chosen.Any(comparisons.ContainsKey))
{
    Console.WriteLine("| computation | peer, fastest thread count | ours (s) | peer (s) | ratio: median (min to max) | target |");
    Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
}

foreach (var name in chosen.Where(comparisons.ContainsKey))
{
    try
    {
        Console.WriteLine(ComparisonRunner.Run(comparisons[name](), peer!, rounds).Row());
    }
    catch (InvalidOperationException error)
    {
        Console.WriteLine($"| {name} | not measured: {error.Message} | | | | |");
    }
}

if (chosen.Any(comparisons.ContainsKey))
    Console.WriteLine("| training on a GPU, against PyTorch on the same GPU | | not measured: no CUDA device was available | | | |");
foreach (var name in chosen.Where(ownBenchmarks.ContainsKey))
    ownBenchmarks[name](folder);
return 0;

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var value) && value > 0
    ? value : otherwise;
