using DeviceId.Notebooks.Cells;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeviceId.Notebooks.Engine;

/// <summary>
/// Shows #!mermaid sections as diagrams by their MIME type, which Jupyter and VS Code render. The kernel of the tool writes a page that
/// loads its script from the network; an executed notebook here needs none.
/// </summary>
internal sealed class MermaidKernel : Kernel, IKernelCommandHandler<SubmitCode>
{
    public MermaidKernel()
        : base("mermaid")
    {
        KernelInfo.LanguageName = "Mermaid";
    }

    public Task HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        context.Display(command.Code.Trim(), "text/vnd.mermaid", PlainTextFormatter.MimeType);
        return Task.CompletedTask;
    }
}
