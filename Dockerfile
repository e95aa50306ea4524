# One replica of Hubbub: the server and the app that it serves.

FROM node:24-slim AS app
WORKDIR /src
# The packages first, from the manifests alone: this layer lasts until one of them changes.
COPY package.json package-lock.json ./
COPY frontend/package.json frontend/
COPY cluster/package.json cluster/
COPY e2e/package.json e2e/
# Nothing that the app is built from needs an install script.
RUN npm ci --workspace frontend --ignore-scripts --no-audit --no-fund
COPY frontend/ frontend/
RUN npm run build --workspace frontend -- --output-path /app

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS server
WORKDIR /src
COPY .editorconfig ./
COPY backend/ backend/
RUN dotnet publish backend/src/Hubbub.Server --configuration Release --output /server

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /hubbub
COPY --from=server /server ./
COPY --from=app /app/browser wwwroot/
# The user without rights that the base image brings.
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
# The image has neither curl nor wget; bash can speak HTTP well enough for this.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["dotnet", "Hubbub.Server.dll"]
