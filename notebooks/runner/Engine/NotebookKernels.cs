using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;
using DeviceId.Notebooks.Cells;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;
using Microsoft.DotNet.Interactive.Utility;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// The kernels of a session: the package's composite kernel with our C# kernel and the package's HTML, JavaScript and values.
/// </summary>
internal sealed partial class NotebookKernels
{
    static NotebookKernels() => KeepConsole();

    public NotebookKernels(ScriptEngine engine)
    {
        Root = new CompositeKernel { DefaultKernelName = CSharpKernel.KernelName };
        Root.Add(new CSharpKernel(engine).UseValueSharing(), ["c#", "C#", "cs"]);
        Root.Add(new HtmlKernel());
        Root.Add(new JavaScriptKernel().UseValueSharing(), ["js"]);
        Root.Add(new KeyValueStoreKernel());
        Root.Add(new MermaidKernel());
        Root.AddDirective(new KernelActionDirective("#!time"), (_, context) =>
        {
            Measure(context);
            return Task.CompletedTask;
        });
        Root.AddDirective(new KernelActionDirective("#!about"), (_, context) =>
        {
            context.Display(About(), "text/html");
            return Task.CompletedTask;
        });
        Root.RegisterCommandHandler<RequestInput>(Refuse);
        Root.KernelEvents.Subscribe(Router);
    }

    public CompositeKernel Root { get; }

    public DisplayRouter Router { get; } = new();

    /// <summary>A sentence if a line that shares a value names a kernel that is not here; otherwise null.</summary>
    public string? FindMissingKernel(string code)
    {
        var missing = code.Split('\n').SelectMany(line => NamedKernel().Matches(line)).Select(named => named.Groups[1].Value)
            .FirstOrDefault(name => Root.FindKernelByName(name) is null);
        return missing is null ? null
            : $"there is no kernel '{missing}' here (there are {string.Join(", ", Root.ChildKernels.Select(kernel => kernel.Name))}).";
    }

    // The package replaces the console while a command runs and publishes each text as an event, which takes a minute for 300,000 lines and
    // loses what a task prints after its cell. One subscription that never ends keeps the console as it is.
    private static void KeepConsole()
    {
        var (output, error) = (Console.Out, Console.Error);
        ConsoleOutput.Subscribe(_ => new CancellationTokenSource());
        Console.SetOut(output);
        Console.SetError(error);
    }

    private static Task Refuse(RequestInput request, KernelInvocationContext context)
    {
        context.Fail(request, message: $"There is nobody to answer '{request.Prompt}' here: use a parameter of the notebook (--set).");
        return Task.CompletedTask;
    }

    private static void Measure(KernelInvocationContext context)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        context.OnComplete(ended => ended.Display(FormattableString.Invariant($"Wall time: {clock.Elapsed.TotalMilliseconds}ms")));
    }

    private static HtmlString About()
    {
        static string Version(Assembly assembly) =>
            assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? assembly.GetName().Version!.ToString();
        (string, string)[] rows =
        [
            ("DeviceId runner", Version(typeof(NotebookKernels).Assembly)),
            ("Microsoft.DotNet.Interactive", Version(typeof(Kernel).Assembly)),
            (".NET", Environment.Version.ToString()),
        ];
        return new HtmlString($"<table>{string.Concat(rows.Select(r => $"<tr><td>{r.Item1}</td><td>{r.Item2}</td></tr>"))}</table>");
    }

    // @input:prompt and @password:prompt ask the user; @name alone is a value of the cell's own kernel.
    [GeneratedRegex(@"(?<=^#!(?:share|set)\s.*\s)(?:--from\s+|@(?!input:|password:)(?=[^\s:]+:))([^\s:]+)")]
    private static partial Regex NamedKernel();
}
