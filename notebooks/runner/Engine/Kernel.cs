using DeviceId.Notebooks.Engine;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

// The names and the namespace are those of .NET Interactive: a notebook or library written for it, also by reflection, finds the same shape
// here.
namespace Microsoft.DotNet.Interactive;

/// <summary>What cells may call without naming a class.</summary>
public static class Kernel
{
    /// <summary>Shows a value below the cell, rendered by the formatter of its type.</summary>
#pragma warning disable IDE1006 // Named as in .NET Interactive, so that cells run there too.
    public static DisplayedValue display(object? value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);
#pragma warning restore IDE1006

    /// <summary>Text that is HTML already.</summary>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    /// <summary>Shows a value below the cell, as <see cref="display"/> does.</summary>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        KernelInvocationContext.Current.Display(value, mimeTypes);
}

/// <summary>The running cell, as .NET Interactive offers it.</summary>
public sealed class KernelInvocationContext
{
    private readonly CellOutputs _outputs;

    internal KernelInvocationContext(CellOutputs outputs, CancellationToken cancellation)
    {
        _outputs = outputs;
        CancellationToken = cancellation;
    }

    /// <summary>The cell that runs now. Not thread-bound: a cell's worker threads show their progress through it too.</summary>
    public static KernelInvocationContext Current { get; internal set; } = null!;

    /// <summary>Set when the user stops the run (Ctrl-C); a cell that ends by itself then can still save its work.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Shows a value; the result can be asked to show another in its place.</summary>
    public DisplayedValue Display(object? value, params string[] mimeTypes) =>
        new(_outputs, _outputs.Add(MimeBundle.Create(value, mimeTypes), isResult: false), mimeTypes);
}

/// <summary>A place below the cell whose content can be replaced.</summary>
public sealed class DisplayedValue
{
    private readonly CellOutputs _outputs;
    private readonly int _index;
    private readonly string[] _mimeTypes;

    internal DisplayedValue(CellOutputs outputs, int index, string[] mimeTypes)
    {
        _outputs = outputs;
        _index = index;
        _mimeTypes = mimeTypes;
    }

    /// <summary>Shows another value in the same place; the executed notebook keeps the last.</summary>
    public void Update(object? value) => _outputs.Replace(_index, MimeBundle.Create(value, _mimeTypes));
}
